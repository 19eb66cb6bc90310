/* sheet: see sheet.h. */
#include "publish/sheet.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/csv.h"
#include "base/date.h"
#include "base/mem.h"

struct sheet {
    enum sheet_format format;
    const struct sheet_column *columns;
    size_t column_count;
    size_t row; /* of the next cell; the header is row 0 */
    size_t column;
    struct buf csv;

    lxw_workbook *book; /* XLSX only, as all below */
    lxw_worksheet *page;
    lxw_format *wrapped;
    lxw_format *day;
    int fd; /* the file in memory that libxlsxwriter writes by its name; -1 for none */
};

const char *sheet_type(enum sheet_format format) {
    return format == SHEET_CSV
               ? "text/csv; charset=utf-8"
               : "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
}

const char *sheet_suffix(enum sheet_format format) {
    return format == SHEET_CSV ? "csv" : "xlsx";
}

/* ---- beginning ---- */

/* libxlsxwriter takes a path, and opens it again when it closes the book. */
static lxw_workbook *open_book(struct sheet *s) {
    char path[32];
    s->fd = memfd_create("sheet.xlsx", MFD_CLOEXEC);
    snprintf(path, sizeof path, "/proc/self/fd/%d", s->fd);
    return s->fd < 0 ? NULL : workbook_new(path);
}

static void begin_book(struct sheet *s, const char *name) {
    s->book = open_book(s);
    s->page = s->book == NULL ? NULL : workbook_add_worksheet(s->book, name);
    if (s->page == NULL) {
        abort(); /* out of memory or files, or a name that the caller must not give */
    }
    lxw_format *head = workbook_add_format(s->book);
    format_set_bold(head);
    format_set_bottom(head, LXW_BORDER_THIN);
    s->wrapped = workbook_add_format(s->book);
    format_set_text_wrap(s->wrapped);
    format_set_align(s->wrapped, LXW_ALIGN_VERTICAL_TOP);
    s->day = workbook_add_format(s->book);
    format_set_num_format(s->day, "yyyy-mm-dd");
    format_set_align(s->day, LXW_ALIGN_VERTICAL_TOP);
    for (size_t i = 0; i < s->column_count; i++) {
        worksheet_set_column(s->page, (lxw_col_t)i, (lxw_col_t)i, s->columns[i].width, NULL);
        worksheet_write_string(s->page, 0, (lxw_col_t)i, s->columns[i].title, head);
    }
    worksheet_freeze_panes(s->page, 1, 0);
}

static void begin_csv(struct sheet *s) {
    buf_adds(&s->csv, "\xEF\xBB\xBF");
    for (size_t i = 0; i < s->column_count; i++) {
        buf_adds(&s->csv, i == 0 ? "" : ",");
        csv_put(&s->csv, s->columns[i].title, strlen(s->columns[i].title));
    }
    buf_adds(&s->csv, "\r\n");
}

struct sheet *sheet_new(enum sheet_format format, const char *name,
                        const struct sheet_column *columns, size_t count) {
    assert(count > 0 && count <= SHEET_COLUMNS_MAX);
    struct sheet *s = mem_alloc(sizeof *s);
    *s = (struct sheet){
        .format = format, .columns = columns, .column_count = count, .row = 1, .fd = -1};
    if (format == SHEET_XLSX) {
        begin_book(s, name);
    } else {
        begin_csv(s);
    }
    return s;
}

void sheet_free(struct sheet *s) {
    if (s == NULL) {
        return;
    }
    if (s->book != NULL) {
        (void)workbook_close(s->book); /* frees it; there is no other way */
    }
    if (s->fd >= 0) {
        close(s->fd);
    }
    buf_fini(&s->csv);
    free(s);
}

/* ---- cells ---- */

static size_t next_column(struct sheet *s) {
    assert(s->column < s->column_count);
    if (s->format == SHEET_CSV && s->column > 0) {
        buf_addc(&s->csv, ',');
    }
    return s->column++;
}

/* The bytes of the first SHEET_CELL_MAX characters. */
static size_t cut(const char *text) {
    size_t characters = 0;
    size_t i = 0;
    for (; text[i] != '\0'; i++) {
        if (((unsigned char)text[i] & 0xC0) != 0x80 && characters++ == SHEET_CELL_MAX) {
            break;
        }
    }
    return i;
}

static void put_book_text(struct sheet *s, size_t column, const char *text) {
    size_t n = cut(text);
    struct buf part = BUF_INIT;
    if (text[n] != '\0') {
        buf_add(&part, text, n);
        text = part.data;
    }
    worksheet_write_string(s->page, (lxw_row_t)s->row, (lxw_col_t)column, text, s->wrapped);
    buf_fini(&part);
}

static void put_csv_text(struct sheet *s, const char *text) {
    struct buf guarded = BUF_INIT;
    if (text[0] != '\0' && strchr("=+-@\t\r", text[0]) != NULL) {
        buf_addc(&guarded, '\'');
        buf_adds(&guarded, text);
        text = guarded.data;
    }
    csv_put(&s->csv, text, strlen(text));
    buf_fini(&guarded);
}

static void put_text(struct sheet *s, size_t column, const char *text) {
    if (s->format == SHEET_XLSX) {
        put_book_text(s, column, text);
    } else {
        put_csv_text(s, text);
    }
}

void sheet_text(struct sheet *s, const char *text) {
    size_t column = next_column(s);
    if (text != NULL && text[0] != '\0') {
        put_text(s, column, text);
    }
}

/* [-]digits[.digits], which strtod() then reads the same in every locale of ours. */
static bool is_number(const char *t) {
    size_t digits = 0;
    size_t points = 0;
    for (const char *p = *t == '-' ? t + 1 : t; *p != '\0'; p++) {
        digits += *p >= '0' && *p <= '9';
        points += *p == '.';
        if ((*p < '0' || *p > '9') && *p != '.') {
            return false;
        }
    }
    return digits > 0 && points <= 1;
}

void sheet_number(struct sheet *s, const char *number) {
    size_t column = next_column(s);
    if (number == NULL || number[0] == '\0') {
        return;
    }
    if (!is_number(number)) {
        put_text(s, column, number);
    } else if (s->format == SHEET_CSV) {
        buf_adds(&s->csv, number);
    } else {
        worksheet_write_number(s->page, (lxw_row_t)s->row, (lxw_col_t)column, strtod(number, NULL),
                               s->wrapped);
    }
}

void sheet_day(struct sheet *s, const char *day) {
    size_t column = next_column(s);
    int32_t number;
    if (day == NULL || day[0] == '\0') {
        return;
    }
    if (s->format == SHEET_CSV || date_parse(day, strlen(day), &number, NULL) != OK) {
        put_text(s, column, day);
        return;
    }
    struct date d = date_of_day(number);
    lxw_datetime when = {.year = d.year, .month = d.month, .day = d.day};
    worksheet_write_datetime(s->page, (lxw_row_t)s->row, (lxw_col_t)column, &when, s->day);
}

enum code sheet_row(struct sheet *s, struct err *err) {
    if (s->row > SHEET_ROWS_MAX) {
        return err_set(err, E_LIMIT, "cannot write a sheet of more than %d rows", SHEET_ROWS_MAX);
    }
    if (s->format == SHEET_CSV) {
        for (; s->column < s->column_count; s->column++) {
            buf_adds(&s->csv, s->column == 0 ? "" : ",");
        }
        buf_adds(&s->csv, "\r\n");
    }
    s->row++;
    s->column = 0;
    return OK;
}

/* ---- the end ---- */

static enum code take_file(int fd, struct buf *to, struct err *err) {
    struct stat st;
    if (fstat(fd, &st) != 0) {
        return err_set(err, E_IO, "cannot read the sheet back: %s", strerror(errno));
    }
    size_t left = (size_t)st.st_size;
    char *at = buf_room(to, left);
    for (off_t from = 0; left > 0;) {
        ssize_t n = pread(fd, at + from, left, from);
        if (n <= 0) {
            return err_set(err, E_IO, "cannot read the sheet back: %s", strerror(errno));
        }
        from += n;
        left -= (size_t)n;
    }
    to->len += (size_t)st.st_size;
    to->data[to->len] = '\0';
    return OK;
}

enum code sheet_finish(struct sheet *s, struct buf *to, struct err *err) {
    assert(s->column == 0);
    if (s->format == SHEET_CSV) {
        buf_add(to, s->csv.data, s->csv.len);
        return OK;
    }
    worksheet_autofilter(s->page, 0, 0, (lxw_row_t)(s->row - 1), (lxw_col_t)(s->column_count - 1));
    lxw_error rc = workbook_close(s->book);
    s->book = NULL;
    if (rc != LXW_NO_ERROR) {
        return err_set(err, E_IO, "cannot write the sheet: %s", lxw_strerror(rc));
    }
    return take_file(s->fd, to, err);
}

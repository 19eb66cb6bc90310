/* exchange: one request and its answer, as libmicrohttpd calls for it:
 *
 *   header   check, admit()  ──► refused: without a body the answer is queued; with one it is
 *                                written to the socket here and the body thrown away, for
 *                                libmicrohttpd would close with unread bytes, and the reset that
 *                                follows could overtake the refusal
 *   body     append, up to max_body
 *   whole    inline: handle(), answer;  else suspend, queue ──► worker: handle(), resume ──► answer
 *            direct: handle() where it is, suspend
 *            handle() may hand a request over: whoever has it then calls server_finish()
 *
 * The functions are libmicrohttpd's callbacks of the same sense; `server` is a struct server. */
#ifndef TAIHU_HTTP_EXCHANGE_INT_H
#define TAIHU_HTTP_EXCHANGE_INT_H

#include <microhttpd.h>

/* The request line is there: keeps its target, which is decoded in place afterwards. */
void *exchange_target(void *server, const char *target, struct MHD_Connection *mhd);

/* The header is there, a piece of the body, the whole, or a worker is done. */
enum MHD_Result exchange_request(void *server, struct MHD_Connection *mhd, const char *url,
                                 const char *method, const char *version, const char *upload,
                                 size_t *upload_len, void **its);

void exchange_completed(void *server, struct MHD_Connection *mhd, void **its,
                        enum MHD_RequestTerminationCode why);

#endif

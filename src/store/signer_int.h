/* signer_int: who signs checkpoints: the key beside the database, the rows in it, and the file of
 * checkpoints outside it. Belongs to the writer. */
#ifndef TAIHU_STORE_SIGNER_INT_H
#define TAIHU_STORE_SIGNER_INT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "store/tx_int.h"

struct signer;

/* Loads PATH.key, or makes it; opens PATH.checkpoints, or makes it, and takes away a line that a
 * crash left half written. */
enum code signer_open(const char *path, struct signer **out, struct err *err);

void signer_close(struct signer *s); /* takes NULL */

/* Brings key, rows and file together before the first job: states a new key in the journal, and
 * files what a crash left unfiled. E_INPUT: the file states lines that the journal does not have.
 */
enum code signer_settle(struct signer *s, struct tx *tx, int64_t now_ms, struct err *err);

/* Lines behind the last checkpoint, as `tx` sees the journal. */
int64_t signer_unsigned(const struct signer *s, const struct tx *tx);

/* Within the write transaction `tx`, behind its last job: signs its head. Does nothing where that
 * is signed. When the transaction is on disk, call signer_made(). */
enum code signer_sign(struct signer *s, struct tx *tx, struct err *err);
void signer_made(struct signer *s, int64_t seq);

/* Whether a checkpoint stands in the database only; and brings the file up. */
bool signer_is_behind(const struct signer *s);
enum code signer_file(struct signer *s, struct tx *tx, int64_t now_ms, struct err *err);

#endif

/* datum: the three sets of coordinates that maps of China come in, and the ways between them:
 *
 *   WGS-84   what satellites give: GPS, OpenStreetMap, most foreign data
 *   GCJ-02   国测局 coordinates, which maps published in China must use: Amap, Tencent, DataV
 *   BD-09    Baidu's, which are GCJ-02 moved once more
 *
 * The same place is up to 730 m apart in WGS-84 and GCJ-02 (460 to 540 m in Wuxi), 690 m to 1.5 km
 * in WGS-84 and BD-09: convert before mixing.
 *
 * Sources. GCJ-02 itself is not public. The formulas are those that were published for it and that
 * its users share (wandergis/coordtransform, googollee/eviltransform): a shift in metres, by sines
 * around 105 E 35 N, put on Krasovsky's ellipsoid of 1940. eviltransform takes the ellipsoid of
 * WGS-84, which moves a point by less than 2 cm. BD-09 by its published formulas, with 3000/180 in
 * the angle; eviltransform's BD-09 lies 10 to 40 m from that. The one answer of Baidu's own service
 * that is known here is met within 0.4 m; how near the formulas come elsewhere is not known.
 *
 * Accuracy. Towards GCJ-02 and BD-09 the formulas are reckoned as they stand. Back, they are solved
 * by iteration until the point that is found lies, carried forward, within 1e-10 degree of the one
 * that is given: there and back is within 1e-9 degree (0.1 mm). The common one-step inverses are up
 * to some metres off.
 *
 * Outside China. Nothing is moved outside the box 72.004 to 137.8347 E, 0.8293 to 55.8271 N,
 * borders within: the rule of the same sources, which takes in neighbours, all of Taiwan, and the
 * sea. The point that is asked about is the one before a move: in WGS-84 on the way to GCJ-02, in
 * GCJ-02 on the way to BD-09; on the way back the one that is found. So what starts in the box
 * comes back to its place; what starts beside it, nearer than a move, may not.
 *
 * Coordinates are measurements, centimetres at best, and decide no class: so they are doubles here,
 * degrees east and north, and not exact decimals as other numbers are. */
#ifndef TAIHU_CITY_DATUM_H
#define TAIHU_CITY_DATUM_H

#include <stdbool.h>

#include "base/err.h"

enum datum { DATUM_WGS84, DATUM_GCJ02, DATUM_BD09 };

/* "wgs84", "gcj02", "bd09". */
const char *datum_word(enum datum datum);

/* False where the word, NUL at its end, is none of these. */
bool datum_find(const char *word, enum datum *out);

struct lonlat {
    double lon; /* degrees, -180 to 180 */
    double lat; /* degrees, -90 to 90 */
};

/* The point in another datum. E_INPUT: a coordinate that is no number, or outside its range. */
enum code datum_convert(enum datum from, enum datum to, struct lonlat at, struct lonlat *out,
                        struct err *err);

#endif

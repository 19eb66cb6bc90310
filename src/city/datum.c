/* datum: see datum.h. Every way goes through GCJ-02. */
#include "city/datum.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const char *const words[] = {
    [DATUM_WGS84] = "wgs84",
    [DATUM_GCJ02] = "gcj02",
    [DATUM_BD09] = "bd09",
};

const char *datum_word(enum datum datum) {
    return words[datum];
}

bool datum_find(const char *word, enum datum *out) {
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (strcmp(words[i], word) == 0) {
            *out = (enum datum)i;
            return true;
        }
    }
    return false;
}

/* ---- the box ---- */

static const double WEST = 72.004, EAST = 137.8347, SOUTH = 0.8293, NORTH = 55.8271;

/* No move is as long, in degrees: what lies so far outside was not moved. */
static const double REACH = 0.1;

static bool is_within(struct lonlat at, double margin) {
    return at.lon >= WEST - margin && at.lon <= EAST + margin && at.lat >= SOUTH - margin &&
           at.lat <= NORTH + margin;
}

/* ---- the published formulas ---- */

/* Krasovsky 1940: half the long axis in metres, and the eccentricity squared. */
static const double AXIS = 6378245.0, ECCENTRICITY = 0.00669342162296594323;

/* Metres north, x and y degrees from 105 E 35 N. */
static double metres_north(double x, double y) {
    double sum = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(fabs(x));
    sum += (20.0 * sin(6.0 * x * M_PI) + 20.0 * sin(2.0 * x * M_PI)) * 2.0 / 3.0;
    sum += (20.0 * sin(y * M_PI) + 40.0 * sin(y / 3.0 * M_PI)) * 2.0 / 3.0;
    sum += (160.0 * sin(y / 12.0 * M_PI) + 320.0 * sin(y / 30.0 * M_PI)) * 2.0 / 3.0;
    return sum;
}

static double metres_east(double x, double y) {
    double sum = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(fabs(x));
    sum += (20.0 * sin(6.0 * x * M_PI) + 20.0 * sin(2.0 * x * M_PI)) * 2.0 / 3.0;
    sum += (20.0 * sin(x * M_PI) + 40.0 * sin(x / 3.0 * M_PI)) * 2.0 / 3.0;
    sum += (150.0 * sin(x / 12.0 * M_PI) + 300.0 * sin(x / 30.0 * M_PI)) * 2.0 / 3.0;
    return sum;
}

/* From WGS-84 to GCJ-02. */
static struct lonlat to_gcj(struct lonlat at) {
    double x = at.lon - 105.0;
    double y = at.lat - 35.0;
    double phi = at.lat / 180.0 * M_PI;
    double w = 1.0 - ECCENTRICITY * sin(phi) * sin(phi);
    double meridian = AXIS * (1.0 - ECCENTRICITY) / (w * sqrt(w)); /* radii of curvature, metres */
    double across = AXIS / sqrt(w);
    return (struct lonlat){
        at.lon + metres_east(x, y) * 180.0 / (across * cos(phi) * M_PI),
        at.lat + metres_north(x, y) * 180.0 / (meridian * M_PI),
    };
}

/* From GCJ-02 to BD-09. */
static struct lonlat to_bd(struct lonlat at) {
    static const double turn = M_PI * 3000.0 / 180.0;
    double length = sqrt(at.lon * at.lon + at.lat * at.lat) + 0.00002 * sin(at.lat * turn);
    double angle = atan2(at.lat, at.lon) + 0.000003 * cos(at.lon * turn);
    return (struct lonlat){length * cos(angle) + 0.0065, length * sin(angle) + 0.006};
}

/* ---- there and back ---- */

/* Residual in degrees, hundredths of a millimetre. */
static const double CLOSE = 1e-10;

/* A step takes off all but a fiftieth of what is missing, as neighbours are moved nearly alike: six
 * are enough. Beside 105 E, where a root has its corner, a few more. */
enum { STEPS_MAX = 40 };

/* The point that `move` takes to `to`. */
static struct lonlat undo(struct lonlat (*move)(struct lonlat), struct lonlat to) {
    struct lonlat at = to;
    for (int i = 0; i < STEPS_MAX; i++) {
        struct lonlat reached = move(at);
        double lon = to.lon - reached.lon;
        double lat = to.lat - reached.lat;
        at.lon += lon;
        at.lat += lat;
        if (fabs(lon) < CLOSE && fabs(lat) < CLOSE) {
            return at;
        }
    }
    assert(!"no point is moved there");
    return at;
}

static struct lonlat forth(struct lonlat (*move)(struct lonlat), struct lonlat at) {
    return is_within(at, 0) ? move(at) : at;
}

static struct lonlat back(struct lonlat (*move)(struct lonlat), struct lonlat at) {
    if (!is_within(at, REACH)) {
        return at;
    }
    struct lonlat found = undo(move, at);
    return is_within(found, 0) ? found : at;
}

enum code datum_convert(enum datum from, enum datum to, struct lonlat at, struct lonlat *out,
                        struct err *err) {
    if (!(at.lon >= -180.0 && at.lon <= 180.0)) {
        return err_set(err, E_INPUT, "longitude %.10g is not -180 to 180 degrees", at.lon);
    }
    if (!(at.lat >= -90.0 && at.lat <= 90.0)) {
        return err_set(err, E_INPUT, "latitude %.10g is not -90 to 90 degrees", at.lat);
    }
    if (from != to) {
        at = from == DATUM_WGS84 ? forth(to_gcj, at) : from == DATUM_BD09 ? back(to_bd, at) : at;
        at = to == DATUM_WGS84 ? back(to_gcj, at) : to == DATUM_BD09 ? forth(to_bd, at) : at;
    }
    *out = at;
    return OK;
}

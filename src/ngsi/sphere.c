/* sphere: see sphere.h. */
#include "ngsi/sphere.h"

#include <math.h>

static const double RADIUS_M = 6371008.8;
static const double DEGREE = 3.14159265358979323846 / 180;

enum { SEARCH_STEPS = 40 }; /* each leaves 0.618 of the segment: 4e-9 of it at the end */

double sphere_distance_m(struct sphere_place a, struct sphere_place b) {
    double north = sin((b.lat - a.lat) * DEGREE / 2);
    double east = sin((b.lon - a.lon) * DEGREE / 2);
    double h = north * north + cos(a.lat * DEGREE) * cos(b.lat * DEGREE) * east * east;
    return 2 * RADIUS_M * asin(sqrt(h < 1 ? h : 1)); /* the haversine */
}

static struct sphere_place along(struct sphere_place a, struct sphere_place b, double t) {
    return (struct sphere_place){a.lon + (b.lon - a.lon) * t, a.lat + (b.lat - a.lat) * t};
}

/* How far in latitude alone a place is from a segment, in metres: never more than the distance. */
static double latitude_gap(struct sphere_place p, struct sphere_place a, struct sphere_place b) {
    double low = fmin(a.lat, b.lat);
    double high = fmax(a.lat, b.lat);
    double gap = p.lat < low ? low - p.lat : p.lat > high ? p.lat - high : 0;
    return gap * DEGREE * RADIUS_M;
}

/* By golden section: along a segment the distance falls to its least and rises again. */
static double search(struct sphere_place p, struct sphere_place a, struct sphere_place b) {
    static const double PART = 0.6180339887498949;
    double low = 0;
    double high = 1;
    double t = high - PART * (high - low);
    double u = low + PART * (high - low);
    double at_t = sphere_distance_m(p, along(a, b, t));
    double at_u = sphere_distance_m(p, along(a, b, u));
    for (int i = 0; i < SEARCH_STEPS; i++) {
        if (at_t < at_u) {
            high = u;
            u = t;
            at_u = at_t;
            t = high - PART * (high - low);
            at_t = sphere_distance_m(p, along(a, b, t));
        } else {
            low = t;
            t = u;
            at_t = at_u;
            u = low + PART * (high - low);
            at_u = sphere_distance_m(p, along(a, b, u));
        }
    }
    return fmin(at_t, at_u);
}

double sphere_distance_segment_m(struct sphere_place p, struct sphere_place a,
                                 struct sphere_place b, double enough_m) {
    double gap = latitude_gap(p, a, b);
    if (gap > enough_m) {
        return gap;
    }
    double to_a = sphere_distance_m(p, a);
    double to_b = sphere_distance_m(p, b);
    double ends = fmin(to_a, to_b);
    /* No place of it is nearer than half of what the way over it is longer than itself. */
    double length = hypot(b.lon - a.lon, b.lat - a.lat) * DEGREE * RADIUS_M;
    double least = (to_a + to_b - length) / 2;
    return least > enough_m ? least : fmin(ends, search(p, a, b));
}

struct sphere_box sphere_widen(struct sphere_box box, double distance_m) {
    double angle = distance_m / RADIUS_M * (1 + 1e-9) + 1e-12; /* what rounding takes */
    double lat = angle / DEGREE;
    struct sphere_box to = {-180, 180, box.min_lat - lat, box.max_lat + lat};
    double steepest = fmax(fabs(box.min_lat), fabs(box.max_lat)) * DEGREE;
    double reach = sin(fmin(angle, 1.5)) / cos(steepest);
    if (steepest + angle < 90 * DEGREE && reach < 1) {
        double lon = asin(reach) / DEGREE * (1 + 1e-9) + 1e-12;
        if (box.min_lon - lon > -180 && box.max_lon + lon < 180) {
            to.min_lon = box.min_lon - lon;
            to.max_lon = box.max_lon + lon;
        }
    }
    return to;
}

bool sphere_boxes_meet(struct sphere_box a, struct sphere_box b) {
    return a.min_lon <= b.max_lon && b.min_lon <= a.max_lon && a.min_lat <= b.max_lat &&
           b.min_lat <= a.max_lat;
}

/* What rounding, and 1e-9 degrees, which are 0.1 mm, may take or give. */
static const double SLACK_M = 0.001;

static double half_sine_squared(double distance_m) {
    double s = distance_m > 0 ? sin(fmin(distance_m / RADIUS_M, 3) / 2) : 0;
    return s * s;
}

struct sphere_reach sphere_reach(struct sphere_place middle, double distance_m) {
    return (struct sphere_reach){middle, cos(middle.lat * DEGREE),
                                 half_sine_squared(distance_m - SLACK_M),
                                 half_sine_squared(distance_m + SLACK_M)};
}

/* The haversine between bounds: t^2 (1 - t^2 / 3) <= sin(t)^2 <= t^2, and the cosine of the place's
 * latitude is that of the middle's give or take the angle between them. */
enum sphere_side sphere_reach_side(const struct sphere_reach *r, struct sphere_place p) {
    double north = fabs(p.lat - r->middle.lat) * DEGREE / 2;
    double east = fabs(p.lon - r->middle.lon) * DEGREE / 2;
    if (!(north < 0.1 && east < 0.1)) {
        return SPHERE_UNSURE;
    }
    double least = fmax(r->cosine - 2 * north, 0);
    double most = r->cosine + 2 * north;
    double t = fmax(north, east);
    double high = north * north + r->cosine * most * east * east;
    double low = (north * north + r->cosine * least * east * east) * (1 - t * t / 3);
    return high < r->inside ? SPHERE_INSIDE : low > r->outside ? SPHERE_OUTSIDE : SPHERE_UNSURE;
}

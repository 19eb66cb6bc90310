/* sphere: distances on earth in metres, on a sphere with the mean radius of the WGS 84 ellipsoid
 * (6,371,008.8 m, R1 of Moritz, Geodetic Reference System 1980). Against the ellipsoid itself a
 * distance is off by 0.56 % at most. Longitude and latitude are in degrees. */
#ifndef TAIHU_NGSI_SPHERE_H
#define TAIHU_NGSI_SPHERE_H

#include <stdbool.h>

struct sphere_place {
    double lon, lat;
};

struct sphere_box {
    double min_lon, max_lon, min_lat, max_lat;
};

/* The great circle between two places. */
double sphere_distance_m(struct sphere_place a, struct sphere_place b);

/* The distance to the nearest place of a segment, which is straight in longitude and latitude as
 * GeoJSON draws it (RFC 7946, section 3.1.1); where that is more than `enough_m`, any number from
 * there to it. */
double sphere_distance_segment_m(struct sphere_place p, struct sphere_place a,
                                 struct sphere_place b, double enough_m);

/* A box around all that is within `distance_m` of what is in `box`; all longitudes where it would
 * reach a pole or the antimeridian. */
struct sphere_box sphere_widen(struct sphere_box box, double distance_m);

/* Whether they have a place in common. */
bool sphere_boxes_meet(struct sphere_box a, struct sphere_box b);

/* All places within a distance of one, and whether another is among them: a guess that takes no
 * sines, and is right wherever it says anything. */
struct sphere_reach {
    struct sphere_place middle;
    double cosine;          /* of its latitude */
    double inside, outside; /* squares of the sines of half the angles that are surely so */
};

enum sphere_side { SPHERE_INSIDE, SPHERE_OUTSIDE, SPHERE_UNSURE };

struct sphere_reach sphere_reach(struct sphere_place middle, double distance_m);

/* SPHERE_INSIDE: sphere_distance_m() from the middle is at most the distance, also of whatever is
 * within 1e-9 degrees of the place. SPHERE_OUTSIDE: it is more. */
enum sphere_side sphere_reach_side(const struct sphere_reach *r, struct sphere_place p);

#endif

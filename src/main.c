/* Taihu: reads the plan a city published and holds the city to it. See docs/architecture.md. */
#include "cli/cli.h"

int main(int argc, char **argv) {
    return cli_main(argc, argv);
}

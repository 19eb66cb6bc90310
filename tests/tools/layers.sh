# tools/layers names file and line of every breach, and nothing else. Builds small trees to say so.
set -u
layers=$TAIHU_SOURCE_DIR/tools/layers

# A tree without fault: text stands on base, main on both.
fresh_tree() {
    rm -rf tree
    mkdir -p tree/src/base tree/src/text
    printf '# room: what it may include\nbase:\ntext: base\nmain: text\n' >tree/src/LAYERS
    printf '#include <stddef.h>\nsize_t mem_size(void);\n' >tree/src/base/mem.h
    printf 'int mem_private(void);\n' >tree/src/base/mem_int.h
    printf '#include "base/mem.h"\n\n#include "base/mem_int.h"\n' >tree/src/base/mem.c
    printf '#include "base/mem.h"\nstruct line { size_t n; };\n' >tree/src/text/line.h
    printf '#include "text/line.h"\n\n#include <stdio.h>\n' >tree/src/text/line.c
    printf '#include "text/line.h"\n' >tree/src/main.c
}

# refuses NAME WORDS: the tree is refused, and WORDS are among what is said.
refuses() {
    if ! "$layers" tree >said 2>&1 && grep -qF -- "$2" said; then
        echo "ok - refuses $1"
    else
        echo "not ok - refuses $1"
        sed 's/^/# /' said
    fi
    fresh_tree
}

fresh_tree
if "$layers" tree >said 2>&1 && [ ! -s said ]; then
    echo "ok - a clean tree passes in silence"
else
    echo "not ok - a clean tree passes in silence"
    sed 's/^/# /' said
fi

printf '#include "base/mem.h"\n\n#include "text/line.h"\n' >tree/src/base/mem.c
refuses "an upward include" 'src/base/mem.c:3: room base may not include text ("text/line.h")'

printf '#include "base/mem.h"\n' >tree/src/main.c
refuses "an include that skips a room" 'src/main.c:1: room main may not include base'

printf '#include "text/line.h"\n\n#include "base/mem_int.h"\n' >tree/src/text/line.c
refuses "another room's private header" 'src/text/line.c:3: "base/mem_int.h" is private to room base'

printf '#include <stdio.h>\n\n#include "text/line.h"\n' >tree/src/text/line.c
refuses "a .c that includes another header first" \
    'src/text/line.c:1: the first include must be "text/line.h"'

printf 'int none;\n' >tree/src/text/line.c
refuses "a .c that leaves out its own header" 'the first include must be "text/line.h"'

printf '#include "line.h"\n' >tree/src/text/line.c
refuses "an include without its room" 'src/text/line.c:1: write "text/line.h", not "line.h"'

printf '#include "text/line.h"\n\n#include <base/mem.h>\n' >tree/src/text/line.c
refuses "our header in angle brackets" 'src/text/line.c:3: write "base/mem.h" with quotes'

printf '#include "text/../base/mem.h"\n' >tree/src/main.c
refuses "a way around through .." 'src/main.c:1: no such file: src/text/../base/mem.h'

mkdir tree/src/shed
printf 'int tool;\n' >tree/src/shed/tool.c
refuses "a room that is not listed" 'src/shed/tool.c:1: room shed is not in src/LAYERS'

printf 'base: text\ntext: base\nmain: text\n' >tree/src/LAYERS
refuses "an arrow upward in LAYERS" 'src/LAYERS:1: room base lists text, which stands at or below it'

printf 'size_t mem_size(void);\n' >tree/src/base/mem.h
refuses "a header that does not compile alone" 'src/base/mem.h:1:1: error: unknown type name'

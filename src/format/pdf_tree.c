/* Structure and outline; see pdf_tree.h. */
#include "format/pdf_tree.h"

#include <inttypes.h>

void pdf_tree_begin(struct pdf_tree *tree, struct arena *arena)
{
    *tree = (struct pdf_tree){.arena = arena};
}

static void add_kid(struct pdf_tree *tree, uint32_t element, struct pdf_kid kid)
{
    tree->kids = arena_one_more(tree->arena, tree->kids, tree->nkids, sizeof *tree->kids);
    tree->kids[tree->nkids++] = kid;
    struct pdf_element *parent = &tree->elements[element];
    if (parent->last)
        tree->kids[parent->last - 1].next = tree->nkids;
    else
        parent->first = tree->nkids;
    parent->last = tree->nkids;
}

uint32_t pdf_tree_add(struct pdf_tree *tree, uint32_t parent, const char *tag,
                      const char *attributes)
{
    tree->elements =
        arena_one_more(tree->arena, tree->elements, tree->nelements, sizeof *tree->elements);
    uint32_t number = tree->nelements++;
    tree->elements[number] =
        (struct pdf_element){.tag = tag, .attributes = attributes, .parent = parent};
    if (parent != PDF_NOBODY)
        add_kid(tree, parent, (struct pdf_kid){.kind = PDF_KID_ELEMENT, .number = number});
    return number;
}

static uint32_t add_key(struct pdf_tree *tree, struct pdf_key key)
{
    tree->keys = arena_one_more(tree->arena, tree->keys, tree->nkeys, sizeof *tree->keys);
    tree->keys[tree->nkeys] = key;
    return tree->nkeys++;
}

uint32_t pdf_tree_page(struct pdf_tree *tree, uint32_t page)
{
    tree->page = page;
    tree->page_first = tree->nowners;
    return add_key(tree, (struct pdf_key){true, tree->nowners});
}

uint32_t pdf_tree_mark(struct pdf_tree *tree, uint32_t element)
{
    tree->owners = arena_one_more(tree->arena, tree->owners, tree->nowners, sizeof *tree->owners);
    uint32_t number = tree->nowners - tree->page_first;
    tree->owners[tree->nowners++] = element;
    add_kid(tree, element, (struct pdf_kid){PDF_KID_MARKED, tree->page, number, 0});
    return number;
}

uint32_t pdf_tree_annotate(struct pdf_tree *tree, uint32_t element, uint32_t object)
{
    add_kid(tree, element, (struct pdf_kid){PDF_KID_OBJECT, tree->page, object, 0});
    return add_key(tree, (struct pdf_key){false, element});
}

/* --- written -------------------------------------------------------------------------------------- */

/* The page that an element's first mark is on, PDF_NOBODY where it has none of its own. */
static uint32_t page_of(const struct pdf_tree *tree, const struct pdf_element *element)
{
    for (uint32_t at = element->first; at; at = tree->kids[at - 1].next)
        if (tree->kids[at - 1].kind == PDF_KID_MARKED)
            return tree->kids[at - 1].page;
    return PDF_NOBODY;
}

static void put_kid(struct buf *out, const struct pdf_kid *kid, uint32_t page, uint32_t base,
                    const uint32_t *pages)
{
    if (kid->kind == PDF_KID_ELEMENT) {
        pdf_put_ref(out, base + kid->number);
    } else if (kid->kind == PDF_KID_MARKED && kid->page == page) {
        pdf_put_uint(out, kid->number);
    } else {
        buf_add(out,
                kid->kind == PDF_KID_MARKED ? STR("<</Type/MCR/Pg ") : STR("<</Type/OBJR/Pg "));
        pdf_put_ref(out, pages[kid->page]);
        buf_add(out, kid->kind == PDF_KID_MARKED ? STR("/MCID ") : STR("/Obj "));
        if (kid->kind == PDF_KID_MARKED)
            pdf_put_uint(out, kid->number);
        else
            pdf_put_ref(out, kid->number);
        buf_add(out, STR(">>"));
    }
}

static void put_element(const struct pdf_tree *tree, struct buf *out,
                        const struct pdf_element *element, uint32_t base, uint32_t root,
                        const uint32_t *pages)
{
    uint32_t page = page_of(tree, element);
    buf_add(out, STR("<</S/"));
    buf_add(out, str_of(element->tag));
    buf_add(out, STR("/P "));
    pdf_put_ref(out, element->parent == PDF_NOBODY ? root : base + element->parent);
    buf_add(out, str_of(element->attributes));
    if (page != PDF_NOBODY) {
        buf_add(out, STR("/Pg "));
        pdf_put_ref(out, pages[page]);
    }
    buf_add(out, STR("/K["));
    for (uint32_t at = element->first; at; at = tree->kids[at - 1].next) {
        put_kid(out, &tree->kids[at - 1], page, base, pages);
        if (tree->kids[at - 1].next)
            buf_add_byte(out, ' ');
    }
    buf_add(out, STR("]>>"));
}

static void put_parents(const struct pdf_tree *tree, struct buf *out, uint32_t base)
{
    buf_add(out, STR("<</Nums["));
    for (uint32_t i = 0; i < tree->nkeys; i++) {
        const struct pdf_key *key = &tree->keys[i];
        pdf_put_uint(out, i);
        buf_add_byte(out, ' ');
        if (!key->page) {
            pdf_put_ref(out, base + key->first);
            buf_add_byte(out, '\n');
            continue;
        }
        uint32_t end = tree->nowners;
        for (uint32_t k = i + 1; k < tree->nkeys; k++)
            if (tree->keys[k].page) {
                end = tree->keys[k].first;
                break;
            }
        buf_add_byte(out, '[');
        for (uint32_t k = key->first; k < end; k++) {
            pdf_put_ref(out, base + tree->owners[k]);
            buf_add_byte(out, ' ');
        }
        buf_add(out, STR("]\n"));
    }
    buf_add(out, STR("]>>"));
}

uint32_t pdf_tree_write(const struct pdf_tree *tree, struct pdf_file *file, const uint32_t *pages)
{
    struct buf body = {.arena = file->arena};
    uint32_t root = pdf_file_number(file);
    uint32_t parents = pdf_file_number(file);
    uint32_t base = pdf_file_numbers(file, tree->nelements);
    for (uint32_t i = 0; i < tree->nelements; i++) {
        body.len = 0;
        put_element(tree, &body, &tree->elements[i], base, root, pages);
        pdf_file_pack(file, base + i, buf_str(&body));
    }
    body.len = 0;
    put_parents(tree, &body, base);
    pdf_file_pack(file, parents, buf_str(&body));
    body.len = 0;
    buf_format(&body,
               "<</Type/StructTreeRoot/K[%" PRIu32 " 0 R]/ParentTree %" PRIu32
               " 0 R/ParentTreeNextKey %" PRIu32 ">>",
               base, parents, tree->nkeys);
    pdf_file_pack(file, root, buf_str(&body));
    return root;
}

/* --- the outline ---------------------------------------------------------------------------------- */

#define RANKS 8U

struct entry {
    uint32_t parent, before, after, first, last; /* index + 1; 0 for none, or the root as parent */
    unsigned rank;
    uint32_t below; /* all entries under it */
};

/* Ties each heading to its parent and neighbours. */
static void tie(const struct pdf_heading *headings, size_t count, struct entry *entries)
{
    uint32_t last_at[RANKS + 1] = {0}; /* the latest entry of each depth */
    unsigned depth = 0;
    for (uint32_t i = 1; i <= count; i++) {
        struct entry *entry = &entries[i];
        entry->rank = headings[i - 1].rank;
        while (depth && entries[last_at[depth]].rank >= entry->rank)
            depth--;
        if (depth < RANKS)
            depth++;
        entry->parent = depth > 1 ? last_at[depth - 1] : 0;
        struct entry *parent = &entries[entry->parent];
        entry->before = parent->last;
        if (parent->last)
            entries[parent->last].after = i;
        else
            parent->first = i;
        parent->last = i;
        last_at[depth] = i;
        for (uint32_t up = entry->parent; up; up = entries[up].parent)
            entries[up].below++;
    }
}

static void put_link(struct buf *out, const char *name, uint32_t base, uint32_t entry)
{
    if (!entry)
        return;
    buf_add(out, str_of(name));
    pdf_put_ref(out, base + entry);
}

uint32_t pdf_outline_write(struct arena *arena, struct pdf_file *file,
                           const struct pdf_heading *headings, size_t count, const uint32_t *pages)
{
    if (!count)
        return 0;
    struct buf body = {.arena = arena};
    struct entry *entries = arena_array(arena, count + 1, struct entry);
    uint32_t base = pdf_file_numbers(file, (uint32_t)count + 1);
    tie(headings, count, entries);
    for (uint32_t i = 1; i <= count; i++) {
        const struct pdf_heading *heading = &headings[i - 1];
        body.len = 0;
        buf_add(&body, STR("<</Title"));
        pdf_put_text(&body, heading->title);
        put_link(&body, "/Parent ", base, entries[i].parent);
        if (!entries[i].parent) {
            buf_add(&body, STR("/Parent "));
            pdf_put_ref(&body, base);
        }
        put_link(&body, "/Prev ", base, entries[i].before);
        put_link(&body, "/Next ", base, entries[i].after);
        put_link(&body, "/First ", base, entries[i].first);
        put_link(&body, "/Last ", base, entries[i].last);
        if (entries[i].below)
            buf_format(&body, "/Count %" PRIu32, entries[i].below);
        buf_add(&body, STR("/Dest["));
        pdf_put_ref(&body, pages[heading->page]);
        buf_add(&body, STR("/XYZ null "));
        pdf_put_milli(&body, heading->top);
        buf_add(&body, STR(" null]>>"));
        pdf_file_pack(file, base + i, buf_str(&body));
    }
    body.len = 0;
    buf_add(&body, STR("<</Type/Outlines"));
    put_link(&body, "/First ", base, entries[0].first);
    put_link(&body, "/Last ", base, entries[0].last);
    buf_format(&body, "/Count %zu>>", count);
    pdf_file_pack(file, base, buf_str(&body));
    return base;
}

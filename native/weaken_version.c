/*
 * weaken_version IN OUT VERSION: copies a shared library, with its need of VERSION (such as GLIBCXX_3.4.32) marked as
 * weak in .gnu.version_r: the loader then takes a library that has not got it. For TorchSharp's shim, whose only symbol
 * of that version is one that every object compiled against the C++ headers refers to, and nothing calls.
 */
#include <elf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int fail(const char* what, const char* name) {
    fprintf(stderr, "weaken_version: %s: %s\n", name, what);
    return 1;
}

/* Marks all needs of the version in a section; how many there were. */
static int weaken(unsigned char* file, size_t length, const Elf64_Shdr* section, const Elf64_Shdr* texts,
                  const char* version) {
    int found = 0;
    size_t at = section->sh_offset;
    for (unsigned n = 0; n < section->sh_info && at + sizeof(Elf64_Verneed) <= length; n++) {
        const Elf64_Verneed* need = (const Elf64_Verneed*)(file + at);
        size_t entry = at + need->vn_aux;
        for (unsigned k = 0; k < need->vn_cnt && entry + sizeof(Elf64_Vernaux) <= length; k++) {
            Elf64_Vernaux* aux = (Elf64_Vernaux*)(file + entry);
            size_t name = texts->sh_offset + aux->vna_name;
            if (name + strlen(version) < length && strcmp((const char*)file + name, version) == 0) {
                aux->vna_flags |= VER_FLG_WEAK;
                found++;
            }
            entry += aux->vna_next;
        }
        at += need->vn_next;
    }
    return found;
}

int main(int count, char** words) {
    if (count != 4)
        return fail("needs IN OUT VERSION", "usage");
    FILE* in = fopen(words[1], "rb");
    if (in == NULL || fseek(in, 0, SEEK_END) != 0)
        return fail("cannot be read", words[1]);
    const long length = ftell(in);
    rewind(in);
    unsigned char* file = length >= (long)sizeof(Elf64_Ehdr) ? malloc((size_t)length + 1) : NULL;
    if (file == NULL || fread(file, 1, (size_t)length, in) != (size_t)length || memcmp(file, ELFMAG, SELFMAG) != 0)
        return fail("is no ELF file", words[1]);
    fclose(in);
    file[length] = 0;

    const Elf64_Ehdr* header = (const Elf64_Ehdr*)file;
    const Elf64_Shdr* sections = (const Elf64_Shdr*)(file + header->e_shoff);
    if (header->e_shoff + (size_t)header->e_shnum * sizeof *sections > (size_t)length)
        return fail("has no section table", words[1]);
    int found = 0;
    for (int s = 0; s < header->e_shnum; s++)
        if (sections[s].sh_type == SHT_GNU_verneed && sections[s].sh_link < header->e_shnum)
            found += weaken(file, (size_t)length, &sections[s], &sections[sections[s].sh_link], words[3]);
    if (found == 0)
        fprintf(stderr, "weaken_version: %s needs no %s\n", words[1], words[3]);

    FILE* out = fopen(words[2], "wb");
    if (out == NULL || fwrite(file, 1, (size_t)length, out) != (size_t)length || fclose(out) != 0)
        return fail("cannot be written", words[2]);
    free(file);
    return 0;
}

#include "denoise_options.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cmath>
#include <cstdlib>

namespace {

const char KEYWORDS[] =
    "steps, tol, scale, elements, classify, with, engine, device, threads, memory, file, compress, forces";

bool is_keyword(const std::string& word) {
    return word == "steps" || word == "tol" || word == "scale" || word == "elements" || word == "classify" ||
           word == "with" || word == "engine" || word == "device" || word == "threads" || word == "memory" ||
           word == "file" || word == "compress" || word == "forces";
}

bool is_digits(const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
}

bool parse_whole(const std::string& text, int& value) {
    char* end = nullptr;
    errno = 0;
    const long number = strtol(text.c_str(), &end, 10);
    if (text.empty() || *end || errno || number < 1 || number > INT_MAX)
        return false;
    value = static_cast<int>(number);
    return true;
}

/* What a whole number must be, where `text` is none that parse_whole takes. */
std::string whole_number(const std::string& text = std::string(), int least = 1) {
    const bool too_large = is_digits(text) && text.find_first_not_of('0') != std::string::npos;
    return "a whole number of at " + (too_large ? "most " + std::to_string(INT_MAX) : "least " + std::to_string(least));
}

bool parse_real(const std::string& text, double& value) {
    char* end = nullptr;
    const double number = strtod(text.c_str(), &end);
    if (text.empty() || *end || !std::isfinite(number))
        return false;
    value = number;
    return true;
}

/* An amount of memory as people write it, such as 4G: bytes, or powers of 1024 of them. */
bool parse_memory(const std::string& text, int64_t& bytes) {
    const std::string units = "KMGT";
    char* end = nullptr;
    double number = strtod(text.c_str(), &end);
    std::string unit(end);
    const std::string::size_type power = unit.empty() ? std::string::npos : units.find(unit[0]);
    if (power != std::string::npos) {
        number *= std::pow(1024.0, static_cast<double>(power + 1));
        unit.erase(0, 1);
    }
    if (end == text.c_str() || !(unit.empty() || unit == "B" || unit == "iB") || !(number >= 1.0 && number < 9e18))
        return false;
    bytes = static_cast<int64_t>(number);
    return true;
}

/* Walks over the words after FILE; every take_* consumes the values of the keyword at hand or explains what is wrong.
 */
class Parser {
  public:
    Parser(const std::vector<std::string>& args, std::string& problem) : args(args), problem(problem) {}

    bool done() const { return next >= args.size(); }

    const std::string& take_keyword() { return keyword = args[next++]; }

    bool take_word(std::string& value, const std::string& expected) {
        if (done() || is_keyword(args[next]))
            return fail("needs " + expected + ", and nothing follows it");
        value = args[next++];
        return true;
    }

    /* The library reads 0 as its default and a negative value as none. */
    bool take_steps(int& value) {
        std::string word;
        if (!take_word(word, whole_number("", 0)))
            return false;
        value = -1;
        return word == "0" || parse_whole(word, value) || wrong(whole_number(word, 0), word);
    }

    bool take_whole(int& value) {
        std::string word;
        return take_word(word, whole_number()) && (parse_whole(word, value) || wrong(whole_number(word), word));
    }

    bool take_positive(double& value, const std::string& expected = "a number above 0") {
        std::string word;
        return take_word(word, expected) && ((parse_real(word, value) && value > 0.0) || wrong(expected, word));
    }

    /* The library reads 0 as its default and a negative value as never; to a user, 0 means never. */
    bool take_tolerance(double& value) {
        std::string word;
        const std::string expected = "a length of at least 0";
        if (!take_word(word, expected))
            return false;
        if (!parse_real(word, value) || value < 0.0)
            return wrong(expected, word);
        if (value == 0.0)
            value = -1.0;
        return true;
    }

    bool take_flag(bool& value) {
        std::string word;
        const std::string expected = "'yes' or 'no'";
        if (!take_word(word, expected))
            return false;
        value = word == "yes";
        return value || word == "no" || wrong(expected, word);
    }

    bool take_memory(int64_t& bytes) {
        std::string word;
        const std::string expected = "an amount of memory such as 4G or 500M";
        return take_word(word, expected) && (parse_memory(word, bytes) || wrong(expected, word));
    }

    bool take_scale(double& value) {
        if (done() || args[next] != "auto")
            return take_positive(value, "'auto' or a number above 0");
        ++next;
        value = 0.0;
        return true;
    }

    bool take_classify(int& method, double& cutoff, std::vector<std::string>& analyses) {
        std::string word;
        const std::string expected = "'acna', 'cna' and a cutoff, 'map' or 'reference' and a file, 'model', or 'none'";
        if (!take_word(word, expected))
            return false;
        if (word == "acna")
            method = DN_CLASSIFY_ACNA;
        else if (word == "model")
            method = DN_CLASSIFY_MODEL;
        else if (word == "none")
            method = DN_CLASSIFY_NONE;
        else if (word == "cna")
            method = DN_CLASSIFY_CNA;
        else if (names_by_file(word))
            return take_naming(word, method, analyses);
        else
            return wrong(expected, word);
        if (method != DN_CLASSIFY_CNA)
            return true;
        keyword = "classify cna";
        return take_positive(cutoff, "a cutoff above 0");
    }

    /* Analyses that name atoms by what a file holds. */
    static bool names_by_file(const std::string& word) { return word == "map" || word == "reference"; }

    /* The first of the analyses that names atoms is the one that is asked. */
    bool take_naming(const std::string& analysis, int& method, std::vector<std::string>& analyses) {
        keyword = "classify " + analysis;
        std::string file;
        if (!take_word(file, "a file"))
            return false;
        method = DN_CLASSIFY_ANALYSIS;
        analyses.insert(analyses.begin(), analysis + ":" + file);
        return true;
    }

    bool take_elements(std::vector<std::string>& elements, int atom_types) {
        elements.clear();
        while (!done() && !is_keyword(args[next]))
            elements.push_back(args[next++]);
        if (std::count(elements.begin(), elements.end(), "NULL") == atom_types)
            return fail("makes the atoms of all types invisible with NULL; name the element of one type at least");
        if (static_cast<int>(elements.size()) == atom_types)
            return true;
        return fail("needs one chemical symbol or NULL per atom type, " + std::to_string(atom_types) + " in all, and " +
                    std::to_string(elements.size()) + " follow");
    }

    /* The library knows what they mean. */
    bool take_analyses(std::vector<std::string>& analyses) {
        std::string word;
        if (!take_word(word, "an analysis such as centro"))
            return false;
        analyses.push_back(word);
        while (!done() && !is_keyword(args[next]))
            analyses.push_back(args[next++]);
        return true;
    }

    /* FILE every M bound E | structure [E] | lossless, and velocity E. */
    bool take_compress(DenoiseOptions& options) {
        std::string word;
        if (!take_word(options.compress_path, "a file name"))
            return false;
        const std::string form = "'every M' and 'bound E', 'structure' or 'lossless'";
        if (!take_word(word, form))
            return false;
        if (word != "every")
            return wrong(form, word);
        keyword = "compress every";
        if (!take_whole(options.compress_every))
            return false;
        keyword = "compress";
        const std::string modes = "'bound E', 'structure' or 'lossless'";
        if (!take_word(word, modes))
            return false;
        if (word == "bound") {
            keyword = "compress bound";
            options.compress_mode = DN_WRITE_BOUND;
            if (!take_positive(options.compress_bound, "a length above 0"))
                return false;
        } else if (word == "structure") {
            options.compress_mode = DN_WRITE_STRUCTURE;
            keyword = "compress structure";
            if (!done() && !is_keyword(args[next]) && args[next] != "velocity" &&
                !take_positive(options.compress_bound, "a length above 0"))
                return false;
        } else if (word == "lossless") {
            options.compress_mode = DN_WRITE_LOSSLESS;
        } else {
            return wrong(modes, word);
        }
        options.keeps_velocities = !done() && args[next] == "velocity";
        if (!options.keeps_velocities)
            return true;
        ++next;
        keyword = "compress velocity";
        if (options.compress_mode == DN_WRITE_STRUCTURE)
            return fail("goes with 'bound' and 'lossless': denoised atoms have none");
        const std::string expected = "the largest error of a velocity, or 0 for none";
        return take_word(word, expected) &&
               ((parse_real(word, options.velocity_bound) && options.velocity_bound >= 0.0) || wrong(expected, word));
    }

    bool unknown_keyword() {
        problem = "'" + keyword + "' is not a keyword; the keywords are " + KEYWORDS;
        return false;
    }

  private:
    bool fail(const std::string& text) {
        problem = "keyword '" + keyword + "' " + text;
        return false;
    }

    bool wrong(const std::string& expected, const std::string& word) {
        return fail("needs " + expected + ", and got '" + word + "'");
    }

    const std::vector<std::string>& args;
    std::string& problem;
    std::string keyword;
    std::vector<std::string>::size_type next = 2;
};

} // namespace

bool DenoiseOptions::parse(const std::vector<std::string>& args, int atom_types, std::string& problem) {
    if (args.size() < 2) {
        problem = "N and the model FILE are missing; the form is: fix ID group denoise N FILE keyword values ...";
        return false;
    }
    if (!parse_whole(args[0], nevery)) {
        problem =
            "N, the number of steps between calls, must be " + whole_number(args[0]) + ", and is '" + args[0] + "'";
        return false;
    }
    model_path = args[1];

    Parser parser(args, problem);
    while (!parser.done()) {
        const std::string keyword = parser.take_keyword();
        bool good;
        if (keyword == "steps")
            good = parser.take_steps(max_iterations);
        else if (keyword == "tol")
            good = parser.take_tolerance(tolerance);
        else if (keyword == "scale")
            good = parser.take_scale(scale);
        else if (keyword == "elements")
            good = parser.take_elements(elements, atom_types);
        else if (keyword == "classify")
            good = parser.take_classify(classify, cna_cutoff, analyses);
        else if (keyword == "with")
            good = parser.take_analyses(analyses);
        else if (keyword == "engine")
            good = parser.take_word(engine, "'auto', 'reference', 'torch', 'torch:cuda' or 'torch:cuda:N'");
        else if (keyword == "device")
            good = parser.take_word(device, "'cpu', 'auto', 'gpu', 'gpu:N', 'opencl' or 'opencl:N'");
        else if (keyword == "threads")
            good = parser.take_whole(threads);
        else if (keyword == "memory")
            good = parser.take_memory(memory_limit);
        else if (keyword == "file")
            good = parser.take_word(log_path, "a file name");
        else if (keyword == "compress")
            good = parser.take_compress(*this);
        else if (keyword == "forces")
            good = parser.take_flag(tells_forces);
        else
            good = parser.unknown_keyword();
        if (!good)
            return false;
    }
    return true;
}

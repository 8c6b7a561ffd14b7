#include "house/layering.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

namespace verso::house {
namespace {

namespace fs = std::filesystem;

/// A layer may include itself and what has a lower level; so tree and storage, of one level, know
/// nothing of each other.
struct Layer {
    std::string_view name;
    int level;
};

constexpr std::array layers{
    Layer{"domain", 0},  Layer{"tree", 1}, Layer{"storage", 1}, Layer{"engine", 2},
    Layer{"openapi", 3}, Layer{"http", 4}, Layer{"server", 5},  Layer{"cli", 6},
};

/// Headers that the files below a folder must not reach, by whatever way.
struct Ban {
    std::string_view folder;
    std::string_view header;
    std::string_view why;
};

constexpr std::array bans{
    Ban{"lib/tree/", "boost/json", "the tree knows no JSON"},
    Ban{"lib/tree/", "lmdb.h", "the tree knows no LMDB"},
    Ban{"lib/domain/", "fstream", "the domain does no I/O"},
    Ban{"lib/domain/", "filesystem", "the domain does no I/O"},
    Ban{"lib/domain/", "iostream", "the domain does no I/O"},
    Ban{"lib/domain/", "unistd.h", "the domain does no I/O"},
    Ban{"lib/domain/", "openssl/", "the domain knows no cryptography"},
};

constexpr std::string_view lmdb_folder = "lib/storage/lmdb/";

struct Include {
    std::string header;
    bool quoted;
};

/// The files of include/ and lib/ by their path below the root, with what they include.
using Sources = std::map<std::string, std::vector<Include>>;

/// What an #include line names, if the line is one.
std::optional<Include> parse_include(std::string_view line) {
    const auto skip = [&line](std::string_view word) {
        line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
        if (!line.starts_with(word)) return false;
        line.remove_prefix(word.size());
        return true;
    };
    if (!skip("#") || !skip("include")) return std::nullopt;
    const bool quoted = skip("\"");
    if (!quoted && !skip("<")) return std::nullopt;
    return Include{std::string(line.substr(0, line.find(quoted ? '"' : '>'))), quoted};
}

std::vector<Include> read_includes(const fs::path& file) {
    std::vector<Include> includes;
    std::ifstream in(file);
    for (std::string line; std::getline(in, line);)
        if (auto include = parse_include(line)) includes.push_back(std::move(*include));
    return includes;
}

Sources read_sources(const fs::path& root) {
    Sources sources;
    for (const char* folder : {"include", "lib"}) {
        if (!fs::exists(root / folder)) continue;
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const auto extension = entry.path().extension();
            if (extension != ".hpp" && extension != ".cpp") continue;
            sources[entry.path().lexically_relative(root).generic_string()] =
                read_includes(entry.path());
        }
    }
    return sources;
}

/// The file of the project that an #include line means, if it means one: public headers stand in
/// angle brackets, those of lib/ in quotes.
std::string target_of(const Include& include) {
    if (include.quoted) return "lib/" + include.header;
    return include.header.starts_with("verso/") ? "include/" + include.header : std::string();
}

/// The layer of a public header: the domain's folder and what stands below it, an adapter's own, or
/// the engine, whose API the rest is. verso.hpp is all of them, for hosts and programs.
std::string_view layer_of_public(std::string_view path) {
    if (path.starts_with("domain/") || path == "error.hpp" || path == "library_version.hpp" ||
        path == "options.hpp")
        return "domain";
    if (path == "openapi.hpp") return "openapi";
    if (path == "http.hpp") return "http";
    return path == "verso.hpp" ? "server" : "engine";
}

std::string_view layer_of(std::string_view path) {
    constexpr std::string_view public_folder = "include/verso/";
    if (path.starts_with(public_folder)) return layer_of_public(path.substr(public_folder.size()));
    constexpr std::string_view private_folder = "lib/";
    if (!path.starts_with(private_folder)) return {};
    path.remove_prefix(private_folder.size());
    return path.substr(0, path.find('/'));
}

const Layer* find_layer(std::string_view name) {
    const auto found = std::ranges::find(layers, name, &Layer::name);
    return found == layers.end() ? nullptr : &*found;
}

bool may_include(const Layer& from, const Layer& to) {
    return from.name == to.name || to.level < from.level;
}

/// What is wrong with one #include line, or nothing.
std::string judge(const Sources& sources, const std::string& file, const Include& include) {
    const bool is_public = file.starts_with("include/");
    const std::string target = target_of(include);
    if (is_public && include.quoted) return "public headers include public headers only, in <>";
    if (include.header == "lmdb.h" && !file.starts_with(lmdb_folder))
        return "only lib/storage/lmdb includes lmdb.h";
    if (target.empty()) return {};
    if (!sources.contains(target)) return "there is no " + target;

    const Layer* from = find_layer(layer_of(file));
    const Layer* to = find_layer(layer_of(target));
    if (!from || !to) return "lib/ has no such layer; name it in tests/house/layering.cpp";
    if (!may_include(*from, *to))
        return "arrows point down: " + std::string(from->name) + " may not use " +
               std::string(to->name);
    if (target.starts_with(lmdb_folder) && !file.starts_with(lmdb_folder) && from->name != "engine")
        return "only the engine's opening code knows storage/lmdb";
    return {};
}

/// Every header that a file includes, itself or through the project's own headers.
void collect_reached(const Sources& sources, const std::string& file,
                     std::set<std::string>& reached) {
    const auto found = sources.find(file);
    if (found == sources.end()) return;
    for (const Include& include : found->second) {
        const std::string target = target_of(include);
        if (reached.insert(target.empty() ? include.header : target).second && !target.empty())
            collect_reached(sources, target, reached);
    }
}

void judge_bans(const Sources& sources, const std::string& file, std::vector<std::string>& out) {
    std::set<std::string> reached;
    for (const Ban& ban : bans) {
        if (!file.starts_with(ban.folder)) continue;
        if (reached.empty()) collect_reached(sources, file, reached);
        for (const std::string& header : reached)
            if (header.starts_with(ban.header))
                out.push_back(file + " reaches <" + header + ">: " + std::string(ban.why));
    }
}

}  // namespace

std::vector<std::string> layering_violations(const fs::path& root) {
    const Sources sources = read_sources(root);
    std::vector<std::string> violations;
    std::string opener;
    for (const auto& [file, includes] : sources) {
        for (const Include& include : includes) {
            std::string wrong = judge(sources, file, include);
            if (wrong.empty() && include.quoted && file.starts_with("lib/engine/") &&
                target_of(include).starts_with(lmdb_folder) && file != opener) {
                if (!opener.empty()) wrong = "one file opens storage/lmdb, and that is " + opener;
                opener = file;
            }
            if (!wrong.empty())
                violations.push_back(file + " includes " + include.header + ": " + wrong);
        }
        judge_bans(sources, file, violations);
    }
    return violations;
}

}  // namespace verso::house

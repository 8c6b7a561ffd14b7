// Goal: the arrows between the layers point down, in the sources as they are. Method: the #include
// lines of include/ and lib/ are read and judged; the judge is tried on small trees, of which each
// breaks one rule.
#include "house/layering.hpp"

#include <catch2/catch.hpp>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <unistd.h>

using namespace verso::house;
namespace fs = std::filesystem;

namespace {

/// A source tree in a temporary folder: path -> content.
class SourceTree {
public:
    explicit SourceTree(const std::map<std::string, std::string>& files) {
        std::string name = (fs::temp_directory_path() / "verso-layering-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        root_ = name;
        for (const auto& [path, content] : files) {
            fs::create_directories((root_ / path).parent_path());
            std::ofstream(root_ / path) << content;
        }
    }
    SourceTree(const SourceTree&) = delete;
    SourceTree& operator=(const SourceTree&) = delete;
    ~SourceTree() { fs::remove_all(root_); }

    [[nodiscard]] std::vector<std::string> violations() const { return layering_violations(root_); }

private:
    fs::path root_;
};

}  // namespace

TEST_CASE("layering: the sources keep to it", "[house]") {
    CHECK(layering_violations(VERSO_SOURCE_DIR) == std::vector<std::string>{});
}

TEST_CASE("layering: a tree that keeps every rule has no violations", "[house]") {
    const SourceTree tree({
        {"include/verso/domain/ids.hpp", "#include <boost/uuid/uuid.hpp>\n"},
        {"include/verso/store.hpp", "#include <verso/domain/ids.hpp>\n"},
        {"lib/domain/bytes.hpp", "#include <verso/domain/ids.hpp>\n"},
        {"lib/tree/tree.hpp", "#include \"domain/bytes.hpp\"\n"},
        {"lib/storage/storage.hpp", "#include \"domain/bytes.hpp\"\n"},
        {"lib/storage/lmdb/lmdb_storage.hpp",
         "#include <lmdb.h>\n#include \"storage/storage.hpp\"\n"},
        {"lib/engine/open.cpp",
         "#include \"storage/lmdb/lmdb_storage.hpp\"\n#include \"tree/tree.hpp\"\n"},
        {"lib/cli/main.cpp", "#include <verso/store.hpp>\n#include \"domain/bytes.hpp\"\n"},
    });
    CHECK(tree.violations() == std::vector<std::string>{});
}

TEST_CASE("layering: a tree that breaks one rule has one violation", "[house]") {
    const std::string lmdb = "lib/storage/lmdb/lmdb_storage.hpp";
    const std::map<std::string, std::map<std::string, std::string>> trees{
        {"an arrow up",
         {{"lib/domain/a.cpp", "#include \"tree/t.hpp\"\n"}, {"lib/tree/t.hpp", ""}}},
        {"an arrow up to a public header",
         {{"lib/tree/a.cpp", "#include <verso/store.hpp>\n"}, {"include/verso/store.hpp", ""}}},
        {"tree to storage",
         {{"lib/tree/a.cpp", "# include \"storage/s.hpp\"\n"}, {"lib/storage/s.hpp", ""}}},
        {"storage to tree",
         {{"lib/storage/a.cpp", "#include \"tree/t.hpp\"\n"}, {"lib/tree/t.hpp", ""}}},
        {"lmdb.h outside its folder", {{"lib/storage/a.cpp", "#include <lmdb.h>\n"}}},
        {"storage/lmdb outside the engine",
         {{"lib/cli/a.cpp", "#include \"" + lmdb.substr(4) + "\"\n"}, {lmdb, ""}}},
        {"two files that open storage/lmdb",
         {{"lib/engine/a.cpp", "#include \"" + lmdb.substr(4) + "\"\n"},
          {"lib/engine/b.cpp", "#include \"" + lmdb.substr(4) + "\"\n"},
          {lmdb, ""}}},
        {"a public header that includes a private one",
         {{"include/verso/a.hpp", "#include \"domain/b.hpp\"\n"}, {"lib/domain/b.hpp", ""}}},
        {"JSON in the tree", {{"lib/tree/a.cpp", "#include <boost/json/value.hpp>\n"}}},
        {"JSON in the tree by way of a header",
         {{"lib/tree/a.cpp", "#include \"domain/b.hpp\"\n"},
          {"lib/domain/b.hpp", "#include <boost/json/value.hpp>\n"}}},
        {"I/O in the domain", {{"lib/domain/a.cpp", "#include <fstream>\n"}}},
        {"a path that leaves the layers", {{"lib/domain/a.cpp", "#include \"../tree/t.hpp\"\n"}}},
        {"a layer that nobody knows",
         {{"lib/helpers/a.cpp", "#include \"domain/b.hpp\"\n"}, {"lib/domain/b.hpp", ""}}},
    };
    for (const auto& [rule, files] : trees) {
        INFO(rule);
        CHECK(SourceTree(files).violations().size() == 1);
    }
}

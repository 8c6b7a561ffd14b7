// Goal: whatever byte of a store's file goes wrong, it is reported, or nothing was kept there.
//
// Method: a bit of the file is turned, in turn at many places, and a child process opens the store,
// verifies it and reads all of it. The child may be killed: LMDB itself trusts the numbers in its
// pages, so a damaged one can make it read where nothing is mapped. No layer above it can prevent
// that; that it stays rare is held here.
#include "engine/patient.hpp"
#include "storage/child_process.hpp"
#include "storage/lmdb/raw_file.hpp"
#include "storage/temporary_folder.hpp"

#include <csignal>

using namespace verso;
using namespace verso::engine;

namespace {

using TextsByPlace = std::map<std::string, std::string>;

/// Every document of the connections, by where it is. What cannot be read is left out.
TextsByPlace read_all(const Store& store, const std::vector<ConnectionId>& connections) {
    TextsByPlace content;
    const auto snapshot = store.snapshot();
    if (!snapshot) return content;
    for (const ConnectionId connection : connections) {
        const auto versions = snapshot->versions(connection);
        if (!versions) continue;
        for (const ConnectionVersion& version : *versions)
            for (const Kind kind : all_kinds)
                static_cast<void>(snapshot->each_resource(
                    {connection, version.name}, kind, [&](const ResourceView& resource) {
                        const std::string where = to_string(connection) + '/' + version.name + '/' +
                                                  std::string(to_string(kind)) + '/';
                        content[where + std::string(resource.name)] = resource.document;
                        return true;
                    }));
    }
    return content;
}

// LMDB's pages: a header, in which flags say what the page is, then the places of its nodes.

using storage::page_bytes;

char* branch_node(char* page, std::size_t i) {
    constexpr std::size_t places_at = 16;
    return page + load_le<std::uint16_t>(page + places_at + 2 * i);
}

/// The key of a branch page's node: the least that lies below it.
std::span<char> branch_key(char* page, std::size_t i) {
    constexpr std::size_t size_at = 6;
    constexpr std::size_t key_at = 8;
    char* const node = branch_node(page, i);
    return {node + key_at, load_le<std::uint16_t>(node + size_at)};
}

/// A store's file with versions of one connection, and what is in them.
struct FileStore {
    FileStore() {
        const Store store = open(path).value();
        Store writing = store;
        connection = writing.create_connection(acme(), {.name = "GitHub"}).value().id;
        writing.create_version(connection, {.name = "0"}).value();
        for (int i = 1; i <= 12; ++i) {
            const std::string name = std::to_string(i);
            writing
                .create_version(connection, {.name = name, .from_version = std::to_string(i - 1)})
                .value();
            writing
                .edit({connection, name},
                      [&](Draft& draft) -> Result<void> {
                          draft
                              .put(Kind::definition,
                                   definition("Big", std::string(12'000, 'a') + name))
                              .value();
                          return Patient::put_numbered(draft, 10 * i, 10 * i + 30);
                      })
                .value();
        }
        content = read_all(store, {connection});
    }

    [[nodiscard]] static Result<Store> open(const std::filesystem::path& path,
                                            Options options = {}) {
        options.random = repeatable().random;
        options.clock = TestClock().function();
        options.durability = Durability::none;
        options.map_size_bytes = std::uint64_t{1} << 30;
        return Store::open(path, options);
    }

    /// A copy of the file in which `change` has been done to a page.
    [[nodiscard]] std::filesystem::path with_page(std::size_t page,
                                                  const std::function<void(char*)>& change) const {
        std::string bytes = storage::read_file(path);
        change(bytes.data() + page * page_bytes);
        storage::write_bytes(folder / "damaged", bytes);
        return folder / "damaged";
    }

    storage::TemporaryFolder folder;
    std::filesystem::path path = folder / "store";
    ConnectionId connection{};
    TextsByPlace content;
};

std::vector<std::size_t> branch_pages(const FileStore& store) {
    constexpr std::size_t flags_at = 10;
    constexpr std::size_t places_end_at = 12;
    constexpr std::uint16_t is_branch = 1;
    constexpr std::uint16_t two_places = 16 + 2 * 2;
    const std::string bytes = storage::read_file(store.path);
    std::vector<std::size_t> pages;
    for (std::size_t at = 2 * page_bytes; at < bytes.size(); at += page_bytes) {
        const char* const page = bytes.data() + at;
        // A page says its own number: what is inside a long document does not.
        if (load_le<std::uint16_t>(page + flags_at) == is_branch &&
            load_le<std::uint64_t>(page) == at / page_bytes &&
            load_le<std::uint16_t>(page + places_end_at) >= two_places)
            pages.push_back(at / page_bytes);
    }
    return pages;
}

/// Where the findings are whose message has these words.
Names places(const VerifyReport& report, const std::string& words) {
    Names places;
    for (const Damage& each : report.findings)
        if (each.message.find(words) != std::string::npos) places.push_back(each.where);
    return places;
}

/// What becomes of the store: one word.
std::string examine(const FileStore& original, const std::filesystem::path& path) {
    for (const int signal : {SIGSEGV, SIGBUS, SIGABRT})
        std::signal(signal, SIG_DFL);  // to die quietly
    const auto store = FileStore::open(path);
    if (!store) return "refused";
    const auto report = verify(*store);
    const TextsByPlace content = read_all(*store, {original.connection});
    for (const auto& [where, document] : content) {
        const auto right = original.content.find(where);
        if (right == original.content.end() || right->second != document) return "wrong";
    }
    if (!report) return "failed";
    if (!report->is_clean()) return "found";
    return content == original.content ? "sound" : "overlooked";
}

}  // namespace

TEST_CASE("verify: a bit that turns anywhere in the file is reported or was in unused space",
          "[engine]") {
    const FileStore original;
    const std::string bytes = storage::read_file(original.path);
    REQUIRE(bytes.size() > 100'000);
    REQUIRE(original.content.size() > 1'000);
    const std::filesystem::path damaged = original.folder / "damaged";

    constexpr std::uint64_t seed = 31;
    INFO("seed " << seed);
    std::mt19937_64 random(seed);
    std::map<std::string, int> outcomes;
    constexpr int rounds = 200;
    for (int round = 0; round < rounds; ++round) {
        const std::size_t at = random() % bytes.size();
        const auto bit = static_cast<unsigned>(random() % 8);
        std::string changed = bytes;
        changed[at] = static_cast<char>(static_cast<unsigned char>(changed[at]) ^ (1u << bit));
        storage::write_bytes(damaged, changed);
        const storage::Ended ended = storage::in_child([&] { return examine(original, damaged); });
        INFO("byte " << at << ", bit " << bit);
        CHECK(ended.report != "wrong");
        CHECK(ended.report != "overlooked");
        CHECK(ended.report != "failed");
        ++outcomes[ended.report.empty() ? "killed" : ended.report];
    }
    for (const auto& [outcome, count] : outcomes) UNSCOPED_INFO(outcome << ": " << count);
    CHECK(outcomes["found"] + outcomes["refused"] > rounds / 4);
    CHECK(outcomes["killed"] <= rounds / 50);
    CHECK(outcomes["found"] + outcomes["refused"] + outcomes["sound"] + outcomes["killed"] ==
          rounds);
}

TEST_CASE("verify: one damaged record hides no other damage of its table", "[engine]") {
    const FileStore original;
    CommitId last = 0;
    {
        Store store = FileStore::open(original.path).value();
        store
            .edit({original.connection, "12"},
                  [&](Draft& draft) -> Result<void> {
                      draft.annotate({.author = "to be damaged"}).value();
                      draft.put(Kind::parameter, parameter("one")).value();
                      return {};
                  })
            .value();
        const auto writing = StoreAccess::state(store).storage().begin_write({});
        last = stat(store).value().commits;
        CommitRecord commit =
            CommitRecord::decode(*writing->find(storage::Table::commits, key::commit(last)));
        ++commit.root.count;
        commit.author.clear();
        writing->put(storage::Table::commits, key::commit(++last), commit.encode());
        writing->commit();
    }
    REQUIRE(storage::flip_bit(original.path, "to be damaged") > 0);
    const Store store = FileStore::open(original.path).value();
    const VerifyReport report = verify(store).value();
    CHECK(places(report, "a record of the table commits") == Names{"table commits"});
    CHECK(places(report, "but its root") == Names{"commit " + std::to_string(last)});
}

TEST_CASE("verify: damage is found in a store that does not check what it reads", "[engine]") {
    const FileStore original;
    REQUIRE(storage::flip_bit(original.path, "p77") > 0);
    const Store store = FileStore::open(original.path, {.check_chunks = false}).value();
    CHECK_FALSE(places(verify(store).value(), "do not match their checksum").empty());
}

TEST_CASE("verify: what is there but cannot be looked up is found", "[engine]") {
    const FileStore original;
    std::map<std::string, int> outcomes;
    for (const std::size_t page : branch_pages(original)) {
        const auto path = original.with_page(page, [](char* bytes) {
            std::ranges::fill(branch_key(bytes, 1),
                              '\xff');  // what lies behind the key is looked for before it
        });
        const storage::Ended ended = storage::in_child([&] {
            const Store store = FileStore::open(path).value();
            const VerifyReport report = verify(store).value();
            if (report.is_clean()) return "clean";
            return places(report, "is not found by its key").empty() ? "chunk" : "record";
        });
        ++outcomes[ended.report];
    }
    CHECK(outcomes["record"] > 0);
    CHECK(outcomes["chunk"] > 0);
}

TEST_CASE("verify: what the database gives up on is found", "[engine]") {
    const FileStore original;
    int given_up = 0;
    for (const std::size_t page : branch_pages(original)) {
        const auto path = original.with_page(page, [](char* bytes) {
            std::fill_n(branch_node(bytes, 1), 3, '\xff');  // the number of the page below
        });
        const storage::Ended ended = storage::in_child([&] {
            const auto store = FileStore::open(path);
            if (!store) return "refused";
            return places(verify(*store).value(), "the rest could not be checked").empty() ? "on"
                                                                                           : "up";
        });
        given_up += ended.report == "up" ? 1 : 0;
    }
    CHECK(given_up > 0);
}

TEST_CASE("verify: pages that the database would not survive are found and left alone",
          "[engine]") {
    const FileStore original;
    int found = 0;
    for (const std::size_t page : branch_pages(original)) {
        const auto path = original.with_page(page, [](char* bytes) {
            constexpr std::size_t places_at = 16;
            std::fill_n(bytes + places_at, 2, '\xff');  // the first node lies behind the page
        });
        const storage::Ended ended = storage::in_child([&]() -> std::string {
            const auto store = FileStore::open(path);
            if (!store) return "refused";
            const VerifyReport report = verify(*store).value();
            if (report.is_clean()) return "clean";
            return places(report, "the rest was not checked") == Names{"store"} ? "found" : "on";
        });
        CHECK(ended.report != "on");
        CHECK_FALSE(ended.report.empty());
        found += ended.report == "found" ? 1 : 0;
    }
    CHECK(found > 0);
}

TEST_CASE("verify: a state before the last in the place of the last is found", "[engine]") {
    const FileStore original;
    {
        Store store = FileStore::open(original.path).value();
        store.delete_version({original.connection, "12"}).value();
    }
    std::string bytes = storage::read_file(original.path);
    const auto root_of = [&](const storage::lmdb::FileHeader& header) {
        return bytes.begin() + static_cast<long>(header.main.root * page_bytes);
    };
    std::copy_n(root_of(storage::older_header(bytes)), page_bytes,
                root_of(storage::newest_header(bytes)));
    storage::write_bytes(original.folder / "damaged", bytes);
    const Store store = FileStore::open(original.folder / "damaged").value();
    CHECK(store.snapshot().value().versions(original.connection).value().size() == 13);
    CHECK_FALSE(places(verify(store).value(), "it has what belongs in page").empty());
}

TEST_CASE("verify: a list of free pages that cannot be read is found", "[engine]") {
    const FileStore original;
    constexpr std::size_t root_of_free_pages = 80;  // in either header page
    const auto path = original.with_page(0, [](char* bytes) {
        for (char* const header : {bytes, bytes + page_bytes})
            std::ranges::copy(BytesView("\xff\xff\xff\0\0\0\0\0", 8), header + root_of_free_pages);
    });
    const Store store = FileStore::open(path).value();
    CHECK(places(verify(store).value(), "cannot be counted") == Names{"store"});
}

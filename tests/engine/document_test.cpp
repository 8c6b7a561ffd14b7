// Goal: a document comes back as it was put, byte for byte but for white space, through every way
// that it goes.
#include "engine/fixture.hpp"
#include "storage/temporary_folder.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

constexpr std::string_view exact_text =
    R"({"zeta":1.10,"name":"Exact","alpha":1e2,"in":"query","big":12345678901234567890123,)"
    R"("required":false,)"
    R"("small":1E-7,"type":"string","nested":{"b":-0.0,"a":[1.0,100,1.00]},"text":"\u00e9\/\n"})";

}  // namespace

TEST_CASE("document: digits and escapes and the order of members survive every way", "[engine]") {
    const storage::TemporaryFolder folder;
    const auto path = folder / "store.verso";
    const auto connection = numbered<ConnectionId>(1);
    const auto get = [&](const Reader& reader, std::string_view version) {
        return reader.resource({connection, version}, Kind::parameter, "Exact")
            .value()
            .document.text();
    };
    {
        Store store = Store::open(path).value();
        store.create_connection(acme(), {.name = "GitHub", .id = connection}).value();
        store.create_version(connection, {.name = "1"}).value();
        store
            .edit({connection, "1"},
                  [](Draft& draft) -> Result<void> {
                      draft.put(Kind::parameter, document(exact_text)).value();
                      CHECK(draft.get(Kind::parameter, "Exact").value().document.text() ==
                            exact_text);
                      return {};
                  })
            .value();
        store.publish({connection, "1"}).value();
        store.create_version(connection, {.name = "2", .from_version = "1"}).value();
        CHECK(get(store.snapshot().value(), "1") == exact_text);
    }
    const Store store = Store::open(path).value();
    const Snapshot snapshot = store.snapshot().value();
    CHECK(get(snapshot, "1") == exact_text);
    CHECK(get(snapshot, "2") == exact_text);
}

TEST_CASE("document: connection properties are kept as they were written", "[engine]") {
    Fixture fixture;
    const Document properties = document(R"({"b":1.10,"a":{"limit":1E2}})");
    fixture.store.update_connection(fixture.connection, "GitHub", properties).value();
    CHECK(fixture.snapshot().connection(fixture.connection).value().properties == properties);
}

TEST_CASE("document: the members that are the library's own are not stored", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const std::string plain = parameter("p").text();
    const Document put = document(R"({"errors":[],"referencedBy":[7],)" + plain.substr(1));
    CHECK(fixture.put("1", put).document.text() == plain);
    const ConnectionVersion before = fixture.version("1");
    fixture.put("1", parameter("p"));
    CHECK(fixture.version("1") == before);
}

TEST_CASE("document: the limits are those of the options", "[engine]") {
    const std::size_t size = parameter("p").text().size();
    Fixture fixture({.document = {.max_bytes = size, .max_depth = 2}});
    fixture.create("1");
    fixture.store
        .edit(fixture.key("1"),
              [](Draft& draft) -> Result<void> {
                  CHECK(draft.put(Kind::parameter, parameter("p")).has_value());
                  CHECK(error_of(draft.put(Kind::parameter, parameter("pp"))) ==
                        Errc::limit_exceeded);
                  CHECK(draft.put(Kind::example, "e", document(R"({"a":{}})")).has_value());
                  CHECK(error_of(draft.put(Kind::example, "f", document(R"({"a":{"b":[]}})"))) ==
                        Errc::limit_exceeded);
                  return {};
              })
        .value();
    CHECK(fixture.names("1") == Names{"p"});
    CHECK(fixture.names("1", Kind::example) == Names{"e"});
}

TEST_CASE("document: sizes around the cut into pieces come back whole", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    const std::size_t empty = definition("D").text().size();
    for (const std::size_t size : {16'383U, 16'384U, 16'385U, 32'768U, 32'769U, 1'000'000U}) {
        CAPTURE(size);
        std::string content(size - empty, 'x');
        for (std::size_t i = 0; i < content.size(); i += 7)
            content[i] = static_cast<char>('a' + i % 26);
        const Document put = definition("D", content);
        REQUIRE(put.text().size() == size);
        fixture.put("1", Kind::definition, put);
        const Snapshot snapshot = fixture.snapshot();
        CHECK(snapshot.resource(fixture.key("1"), Kind::definition, "D").value().document == put);
        std::size_t visited = 0;
        const auto visit = [&](const ResourceView& each) {
            CHECK(each.document == put.text());
            return ++visited > 0;
        };
        snapshot.each_resource(fixture.key("1"), Kind::definition, visit).value();
        CHECK(visited == 1);
    }
}

// Goal: pages give every item once, forwards and backwards, whatever happens between two of them.
#include "engine/referring.hpp"

using namespace verso;
using namespace verso::engine;

namespace {

struct Paged : Fixture {
    explicit Paged(int count) {
        create("1");
        for (int i = 0; i < count; ++i) Fixture::put("1", parameter(name(i)));
    }
    static std::string name(int i) {
        return (i % 2 == 0 ? "Even" : "odd") + std::to_string(100 + i);
    }
    [[nodiscard]] Result<Page<DescribedResource>> page(const PageRequest& request) const {
        return snapshot().page_resources(key("1"), Kind::parameter, request);
    }
    [[nodiscard]] static Names names(const Page<DescribedResource>& page) {
        Names names;
        for (const DescribedResource& each : page.items) names.push_back(each.resource.name);
        return names;
    }
};

}  // namespace

TEST_CASE("pages: all resources come once, in order, in pages of any size", "[engine]") {
    const int count = GENERATE(0, 1, 7, 8);
    const std::size_t first = GENERATE(1u, 3u, 7u, 100u);
    CAPTURE(count, first);
    const Paged paged(count);
    Names walked;
    std::vector<Names> pages;
    PageRequest request{.first = first};
    for (;;) {
        const auto page = paged.page(request).value();
        CHECK(page.total_count == static_cast<std::uint64_t>(count));
        CHECK(page.prev.has_value() == !pages.empty());
        CHECK(page.items.size() <= first);
        pages.push_back(Paged::names(page));
        walked.insert(walked.end(), pages.back().begin(), pages.back().end());
        if (!page.next) break;
        request.after = page.next;
    }
    CHECK(walked == paged.Fixture::names("1"));

    // And back again.
    std::optional<std::string> before;
    for (std::size_t i = pages.size(); i-- > 1;) {
        PageRequest back{.first = first};
        if (before)
            back.before = before;
        else
            back.after = request.after;
        const auto page = paged.page(back).value();
        CHECK(Paged::names(page) == pages[i]);
        REQUIRE(page.prev);
        before = page.prev;
    }
}

TEST_CASE("pages: one ends with the item at which what they hold comes to its bytes", "[engine]") {
    Paged paged(0);
    for (const char* const name : {"a", "b", "c", "d", "e", "f", "g"})
        paged.put("1", parameter(name));
    const auto all = paged.page({}).value();
    const std::size_t each = all.items.front().resource.document.text().size();
    const Names names = Paged::names(all);
    for (const std::size_t items : {1u, 2u, 3u, 6u, 7u}) {
        for (const std::size_t max_bytes :
             {(items - 1) * each + (items > 1 ? 1 : 0), items * each}) {
            CAPTURE(items, max_bytes);
            Names walked;
            PageRequest forward{.max_bytes = max_bytes};
            do {
                const auto page = paged.page(forward).value();
                CHECK(page.items.size() == std::min(items, names.size() - walked.size()));
                CHECK(page.total_count == 7);
                CHECK(page.prev.has_value() == !walked.empty());
                for (const std::string& name : Paged::names(page)) walked.push_back(name);
                forward.after = page.next;
            } while (forward.after);
            CHECK(walked == names);

            // And back again, from the last one on.
            PageRequest back{.before = paged.page({.first = 6}).value().next,
                             .max_bytes = max_bytes};
            Names before;
            do {
                const auto page = paged.page(back).value();
                const Names here = Paged::names(page);
                CHECK(here.size() == std::min(items, 5 - before.size()));
                CHECK(page.next.has_value());
                before.insert(before.begin(), here.begin(), here.end());
                back.before = page.prev;
            } while (back.before);
            CHECK(before == Names(names.begin(), names.begin() + 5));
        }
    }
}

TEST_CASE("pages: what refers to an item counts among its bytes", "[engine]") {
    Fixture fixture;
    fixture.create("1");
    for (const char* const name : {"a", "b"}) fixture.put("1", Kind::definition, definition(name));
    const std::size_t document = fixture.snapshot()
                                     .page_resources(fixture.key("1"), Kind::definition, {})
                                     .value()
                                     .items[0]
                                     .resource.document.text()
                                     .size();
    const auto count = [&](std::size_t max_bytes) {
        return fixture.snapshot()
            .page_resources(fixture.key("1"), Kind::definition, {.max_bytes = max_bytes})
            .value()
            .items.size();
    };
    CHECK(count(document + 1) == 2);
    fixture.put("1", Kind::action, using_definitions("user", {by_name("a")}));
    CHECK(count(document + 1) == 1);
}

TEST_CASE("pages: connections end a page with what their properties hold", "[engine]") {
    Fixture fixture;
    const Document properties = Document::parse(R"({"a":"0123456789"})").value();
    for (const char* const name : {"A", "B", "C"})
        fixture.store.create_connection(umbrella(), {.name = name, .properties = properties})
            .value();
    const auto page =
        fixture.snapshot().page_connections(umbrella(), {.max_bytes = 2 * 18}).value();
    CHECK(page.items.size() == 2);
    CHECK(page.total_count == 3);
    const auto rest = fixture.snapshot().page_connections(umbrella(), {.after = page.next}).value();
    CHECK(rest.items.size() == 1);
    CHECK(rest.items[0].name == "C");
}

TEST_CASE("pages: a name filter comes before counting and has no case", "[engine]") {
    const Paged paged(6);
    const auto page = paged.page({.first = 2, .name = "EVEN"}).value();
    CHECK(page.total_count == 3);
    CHECK(Paged::names(page) == Names{"Even100", "Even102"});
    const auto rest = paged.page({.first = 2, .after = page.next, .name = "EVEN"}).value();
    CHECK(Paged::names(rest) == Names{"Even104"});
    CHECK_FALSE(rest.next);
    CHECK(paged.page({.name = "nothing"}).value().total_count == 0);
}

TEST_CASE("pages: what is added and removed between two pages disturbs neither", "[engine]") {
    Paged paged(6);
    const auto page = paged.page({.first = 2}).value();
    paged.Fixture::put("1", parameter("AAA"));
    paged.erase("1", Kind::parameter, Paged::names(page).back());
    CHECK(Paged::names(paged.page({.first = 2, .after = page.next}).value()) ==
          Names{"Even104", "odd101"});
}

TEST_CASE("pages: versions come the most recently updated first", "[engine]") {
    Fixture fixture;
    for (const char* name : {"a", "b", "c", "d", "e"}) {
        fixture.clock.move(one_ms);
        fixture.create(name);
    }
    PageRequest request{.first = 2};
    Names walked;
    for (;;) {
        const auto page = fixture.snapshot().page_versions(fixture.connection, request).value();
        CHECK(page.total_count == 5);
        for (const ConnectionVersion& each : page.items) walked.push_back(each.name);
        if (!page.next) break;
        request.after = page.next;
    }
    CHECK(walked == fixture.versions());
    const auto back = fixture.snapshot()
                          .page_versions(fixture.connection, {.first = 2, .before = request.after})
                          .value();
    CHECK(back.items.size() == 2);
    CHECK(back.items[1].name == "c");
    CHECK(back.next);
    CHECK(back.prev);
}

TEST_CASE("pages: connections of one organisation only", "[engine]") {
    Fixture fixture;
    for (const char* name : {"A", "B"})
        fixture.store.create_connection(acme(), {.name = name}).value();
    fixture.store.create_connection(umbrella(), {.name = "A"}).value();
    const auto page = fixture.snapshot().page_connections(acme(), {.first = 2}).value();
    CHECK(page.total_count == 3);
    CHECK(page.items.size() == 2);
    const auto rest =
        fixture.snapshot().page_connections(acme(), {.first = 2, .after = page.next}).value();
    CHECK(rest.items.size() == 1);
    CHECK(rest.items[0].name == "B");
}

TEST_CASE("pages: sizes and cursors that are none are refused", "[engine]") {
    const Paged paged(3);
    CHECK(fields_of(paged.page({.first = 0})) == Names{"first"});
    CHECK(fields_of(paged.page({.first = 101})) == Names{"first"});
    const auto page = paged.page({.first = 1}).value();
    CHECK(error_of(paged.page({.after = page.next, .before = page.next})) == Errc::option_invalid);
    for (const std::string cursor : {"", "x", "14", "zz", "11616263", "0"}) {
        CAPTURE(cursor);
        const auto refused = paged.page({.after = cursor});
        if (cursor == "14")
            CHECK(refused.has_value());  // the place before every name
        else
            CHECK(error_of(refused) == Errc::cursor_invalid);
        CHECK(error_of(paged.snapshot().page_versions(paged.connection, {.before = cursor})) ==
              Errc::cursor_invalid);
    }
    CHECK(error_of(paged.snapshot().page_versions(paged.connection, {.after = page.next})) ==
          Errc::cursor_invalid);
}

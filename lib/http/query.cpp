#include "http/query.hpp"

#include "domain/failure.hpp"
#include "http/target.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <utility>

namespace verso::http {

namespace {

using Names = std::span<const std::string_view>;

constexpr std::array<std::string_view, 5> paging_names{"first", "after", "before", "name",
                                                       "commit"};
constexpr std::array<std::string_view, 6> changes_names{"first",      "after",  "from",
                                                        "fromCommit", "commit", "patch"};
constexpr std::array<std::string_view, 1> force_names{"force"};

Names names_of(Parameters parameters) {
    switch (parameters) {
        case Parameters::none: return {};
        case Parameters::paging: return Names(paging_names).first(3);
        case Parameters::paging_by_name: return paging_names;
        case Parameters::commit: return Names(paging_names).last(1);
        case Parameters::changes: return changes_names;
        case Parameters::force: return force_names;
    }
    return {};
}

[[noreturn]] void refuse_parameter(const std::string& name, const std::string& problem) {
    fail_field(Errc::request_invalid, name, "the query parameter '" + name + "' " + problem);
}

std::string known_names(Names names) {
    if (names.empty()) return "; none is taken here";
    std::string text = "; known are ";
    for (const std::string_view name : names) {
        if (name != names.front()) text += ", ";
        text += name;
    }
    return text;
}

std::size_t read_first(const std::string& text) {
    const auto first = parse_number(text);
    if (!first || *first > 100) refuse_parameter("first", "is no integer from 1 to 100");
    return *first;
}

using Value = std::optional<std::string>;

bool read_flag(const std::string& name, const Value& text) {
    if (!text || *text == "true") return true;
    if (*text != "false") refuse_parameter(name, "may be alone, 'true' or 'false'");
    return false;
}

std::uint64_t read_commit(const std::string& name, const std::string& text) {
    const auto commit = parse_number(text);
    if (!commit) refuse_parameter(name, "is no commit's number");
    return *commit;
}

void take(Query& query, const std::string& name, Value value) {
    if (name == "force" || name == "patch") {
        (name == "force" ? query.force : query.patch) = read_flag(name, value);
        return;
    }
    if (!value) refuse_parameter(name, "has no value; write '" + name + "=...'");
    if (name == "first")
        query.page.first = read_first(*value);
    else if (name == "after")
        query.page.after = std::move(value);
    else if (name == "before")
        query.page.before = std::move(value);
    else if (name == "commit" || name == "fromCommit")
        (name == "commit" ? query.commit : query.from_commit) = read_commit(name, *value);
    else if (name == "from")
        query.from = std::move(value);
    else
        query.page.name = std::move(*value);
}

std::pair<std::string, Value> read_parameter(std::string_view text) {
    const std::size_t equals = text.find('=');
    std::string name = percent_decode(text.substr(0, equals), "query");
    if (equals == std::string_view::npos) return {std::move(name), std::nullopt};
    return {std::move(name), percent_decode(text.substr(equals + 1), "query")};
}

}  // namespace

std::optional<std::uint64_t> parse_number(std::string_view text) noexcept {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool is_whole = error == std::errc() && end == text.data() + text.size();
    return is_whole && text.front() != '0' ? std::optional(number) : std::nullopt;
}

Query read_query(std::string_view text, Parameters parameters) {
    Query query;
    const auto names = names_of(parameters);
    std::array<bool, changes_names.size()> seen{};
    while (!text.empty()) {
        const std::string_view each = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(each.size() + 1, text.size()));
        auto [name, value] = read_parameter(each);
        const auto known = std::find(names.begin(), names.end(), name);
        if (known == names.end()) refuse_parameter(name, "is not known" + known_names(names));
        bool& is_seen = seen[static_cast<std::size_t>(known - names.begin())];
        if (std::exchange(is_seen, true)) refuse_parameter(name, "is given more than once");
        take(query, name, std::move(value));
    }
    if (query.page.after && query.page.before)
        refuse_parameter("before", "may not be given together with 'after'");
    return query;
}

}  // namespace verso::http

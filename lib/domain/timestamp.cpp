#include <verso/domain/timestamp.hpp>

#include <cstdio>
#include <utility>

namespace verso {

namespace {

constexpr std::string_view form = "0000-00-00T00:00:00.000Z";  // 0 stands for any digit

Error not_a_timestamp(std::string_view text) {
    std::string message = "'";
    message += text.substr(0, 64);
    message += "' is no time: write UTC with milliseconds, as 2026-01-31T09:30:00.000Z";
    return {Errc::option_invalid, std::move(message), {}};
}

bool has_form(std::string_view text) {
    if (text.size() != form.size()) return false;
    for (std::size_t i = 0; i < form.size(); ++i) {
        const bool good = form[i] == '0' ? text[i] >= '0' && text[i] <= '9' : text[i] == form[i];
        if (!good) return false;
    }
    return true;
}

int number(std::string_view digits) {
    int value = 0;
    for (const char digit : digits) value = 10 * value + (digit - '0');
    return value;
}

}  // namespace

std::string format_timestamp(Timestamp time) {
    using namespace std::chrono;
    const auto day = floor<days>(time);
    const year_month_day date{day};
    const hh_mm_ss<milliseconds> clock{time - day};
    char text[64];
    const int size = std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return {text, static_cast<std::size_t>(size)};
}

Result<Timestamp> parse_timestamp(std::string_view text) {
    using namespace std::chrono;
    if (!has_form(text)) return not_a_timestamp(text);
    const year_month_day date{year{number(text.substr(0, 4))},
                              month{static_cast<unsigned>(number(text.substr(5, 2)))},
                              day{static_cast<unsigned>(number(text.substr(8, 2)))}};
    const hours hour{number(text.substr(11, 2))};
    const minutes minute{number(text.substr(14, 2))};
    const seconds second{number(text.substr(17, 2))};
    if (!date.ok() || hour >= 24h || minute >= 60min || second >= 60s) return not_a_timestamp(text);
    return Timestamp{sys_days{date} + hour + minute + second +
                     milliseconds{number(text.substr(20, 3))}};
}

}  // namespace verso

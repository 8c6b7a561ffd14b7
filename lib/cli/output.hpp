// Standard output: text for people, or one JSON document for programs.
#pragma once

#include <string>
#include <string_view>

namespace verso::cli {

/// How a text stands out on a terminal that shows colours.
enum class Colour { none, bold, red, green, yellow, cyan };

/// Collects what is printed and writes it in large pieces.
///
/// Thread safety: bound
class Output {
public:
    Output();

    /// Prints text. On a terminal, what would steer the terminal is escaped, and what has a colour
    /// shows it, unless NO_COLOR is set or TERM is `dumb`.
    ///
    /// Errors: Failure io_failed, where it cannot be written.
    /// Source: https://no-color.org
    void print(std::string_view text, Colour colour = Colour::none);

    /// Prints bytes as they are. Errors: as print(); option_invalid on a terminal.
    void write(std::string_view bytes);

    enum class Layout { compact, pretty, suited };  ///< suited: pretty on a terminal
    /// Prints a JSON document and a line feed. Requires: no white space between its tokens. Errors:
    /// as print().
    void print_json(std::string_view document, Layout layout = Layout::suited);

    /// Writes what has been collected. Errors: as print().
    void flush();

private:
    std::string pending_;
    bool terminal_;
    bool colours_;
};

/// Writes a line to standard error, harmless to a terminal.
void print_error(std::string_view line);

}  // namespace verso::cli

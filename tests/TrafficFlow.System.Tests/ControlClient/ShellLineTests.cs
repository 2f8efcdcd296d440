using TrafficFlow.Node;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.ControlClient.Shell;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.ControlClient;

/// <summary>What is typed into the shell of `ctl`, key by key, and what Tab makes of it: without a terminal and without a node.</summary>
public sealed class ShellLineTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Theory]
    [InlineData("camera list", "camera list", 11)]
    [InlineData("camra<left><left>e", "camera", 4)]
    [InlineData("list<home>camera <end>!", "camera list!", 12)]
    [InlineData("camera lisst<back><back>t", "camera list", 11)]
    [InlineData("xcamera<^A><del>", "camera", 0)]
    [InlineData("camera show cam1<^W>", "camera show ", 12)]
    [InlineData("camera show cam1<^U>log show", "log show", 8)]
    [InlineData("camera show<^A><^F><^K>", "c", 1)]
    [InlineData("camera show<alt-b>x", "camera xshow", 8)]
    [InlineData("camera show<^A><alt-f>!", "camera! show", 7)]
    [InlineData("abc<^C>", "", 0)]
    [InlineData("<left><back><del><right>", "", 0)]
    [InlineData("<up>", "camera list", 11)]
    [InlineData("<up><up>", "log show", 8)]
    [InlineData("<up><up><up><up>", "log show", 8)]
    [InlineData("typed<up><down>", "typed", 5)]
    [InlineData("typed<up><up><down><down><down>", "typed", 5)]
    [InlineData("<up>!<down>", "", 0)]
    public void Keys_edit_the_line(string keys, string text, int cursor)
    {
        var line = new LineEditor(["log show", "camera list"]);

        foreach (var key in Keys(keys)) line.Press(key);

        Assert.Equal((text, cursor), (line.Text, line.Cursor));
    }

    [Fact]
    public void Enter_Tab_and_the_control_keys_are_told()
    {
        var line = new LineEditor([]);

        Assert.Equal(LineEvent.Ended, line.Press(Keys("<^D>").Single()));
        line.Insert("x");
        Assert.Equal(
            [LineEvent.Edited, LineEvent.Complete, LineEvent.Redraw, LineEvent.Entered, LineEvent.Cleared],
            Keys("<^D><tab><^L><enter><^C>").Select(line.Press));
    }

    [Fact]
    public void A_line_longer_than_any_command_takes_no_more()
    {
        var line = new LineEditor([]);
        line.Insert(new string('x', 1_999));
        line.Insert("yy");

        Assert.Equal(1_999, line.Text.Length);
    }

    [Theory]
    [InlineData("node> ", "camera list", 11, 80, "node> camera list", 18)]
    [InlineData("node> ", "camera list", 0, 80, "node> camera list", 7)]
    [InlineData("10.0.0.17:4053> ", "camera show cam1", 16, 36, "10.0.0.17:4053> camera show cam1", 33)]
    // On 30 columns a long name gives way; what lies left of the cursor goes out of sight.
    [InlineData("10.0.0.17:4053> ", "actor show /user/cameras/cam1", 29, 30, "> or show /user/cameras/cam1", 29)]
    [InlineData("10.0.0.17:4053> ", "actor show /user/cameras/cam1", 3, 20, "> actor show /user/", 6)]
    [InlineData("> ", "a\u001b[2Jb", 2, 40, "> a?[2Jb", 5)]
    public void A_line_stays_on_its_row_with_the_cursor_in_sight(string prompt, string text, int cursor, int width, string shown, int column)
    {
        Assert.Equal($"\r{shown}\u001b[K\r\u001b[{column}G", LineView.Of(prompt, text, cursor, width));
        Assert.InRange(column, 1, width);
    }

    [Theory]
    [InlineData("camera  show\tcam1 ", "camera", "show", "cam1")]
    [InlineData("approach show 'a b'\"c d\"", "approach", "show", "a bc d")]
    [InlineData("x ''", "x", "")]
    [InlineData("  ")]
    public void A_line_is_split_at_blanks_outside_quotes(string line, params string[] words) => Assert.Equal(words, ShellWords.Split(line));

    [Fact]
    public void Options_of_a_line_are_those_of_a_command()
    {
        var line = ShellLine.Of(["camera", "list", "--site", "live", "--json"], "other", "anna", isJson: false);

        Assert.Equal(("camera list", "live", "anna", true), (string.Join(' ', line.Request.Words), line.Request.Site, line.Request.By, line.IsJson));
        Assert.Contains("needs a name", Assert.Throws<UsageException>(() => ShellLine.Of(["camera", "list", "--site"], null, null, false)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be done with camera", Assert.Throws<UsageException>(() => ShellLine.Of(["camera", "lst"], null, null, false)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ca", "mera ", "camera", "config")]
    [InlineData("c", "", "camera", "config")]
    [InlineData("co", "nfig ", "camera", "config")]
    [InlineData("x", "", "camera")]
    [InlineData("/user/c", "ameras", "/user/cameras", "/user/cameras/cam1", "/user/other")]
    public void Tab_puts_in_what_is_clear(string begun, string inserted, params string[] known) => Assert.Equal(inserted, ShellCompletion.Of(begun, known).Insert);

    [Fact]
    public void Tab_lists_what_is_not_clear() => Assert.Equal(["camera", "config"], ShellCompletion.Of("c", ["config", "camera", "log"]).Choices);

    [Theory]
    [InlineData("", nameof(NameKind.None), "actor", "camera", "dispatcher", "site")]
    [InlineData("camera", nameof(NameKind.None), "list", "show", "restart", "accept-scene")]
    [InlineData("camera show", nameof(NameKind.Camera))]
    [InlineData("camera show cam1", nameof(NameKind.None))]
    [InlineData("outbox show", nameof(NameKind.Camera))]
    [InlineData("actor show", nameof(NameKind.Actor))]
    [InlineData("actor hierarchy", nameof(NameKind.None), "--system")]
    [InlineData("actor hierarchy --system", nameof(NameKind.None))]
    [InlineData("approach show", nameof(NameKind.Approach))]
    [InlineData("approach repair", nameof(NameKind.Approach))]
    [InlineData("quarantine redate", nameof(NameKind.Quarantined))]
    [InlineData("cluster down", nameof(NameKind.Member))]
    [InlineData("health show", nameof(NameKind.Site))]
    [InlineData("config show", nameof(NameKind.Setting))]
    [InlineData("log level", nameof(NameKind.None), "cameras", "akka")]
    [InlineData("log level cameras", nameof(NameKind.None), "debug", "warning")]
    [InlineData("nonsense show", nameof(NameKind.None))]
    public void What_may_follow_comes_from_the_catalog(string words, string names, params string[] among)
    {
        var candidates = CtlCompletion.After(words.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        Assert.Equal(names, candidates.Names.ToString());
        Assert.Subset(candidates.Words.ToHashSet(), among.ToHashSet());
        if (among.Length == 0) Assert.Empty(candidates.Words);
    }

    [Fact]
    public void History_outlives_the_shell_in_a_private_bounded_file_without_secrets()
    {
        var file = Path.Combine(_folder.Path, "state", "trafficflow", "ctl-history");
        var first = new ShellHistory(file);
        foreach (var line in new[] { "camera list", "camera list", " log show ", "x https://u:secret@h/ y", "" }) first.Add(line);
        Assert.Null(first.Save());
        var other = new ShellHistory(file);
        other.Add("cluster show");
        first.Add("config show");
        Assert.Null(other.Save());
        Assert.Null(first.Save());

        Assert.Equal(["camera list", "log show", "cluster show", "config show"], new ShellHistory(file).Lines);
        Assert.Contains("x https://u:secret@h/ y", first.Lines);
        if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        for (var i = 0; i < 1_200; i++) other.Add($"camera show cam{i}");
        Assert.Null(other.Save());
        Assert.Equal(ShellHistory.Most, new ShellHistory(file).Lines.Count);
    }

    [Fact]
    public void A_history_that_cannot_be_written_is_told_and_stays_in_memory()
    {
        File.WriteAllText(Path.Combine(_folder.Path, "state"), "a file where a folder is to be");
        var history = new ShellHistory(Path.Combine(_folder.Path, "state", "ctl-history"));
        history.Add("camera list");

        Assert.StartsWith("the history is not kept in ", history.Save(), StringComparison.Ordinal);
        Assert.Equal(["camera list"], history.Lines);
        var homeless = new ShellHistory(null);
        homeless.Add("log show");
        Assert.Contains("no HOME", homeless.Save(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(80)]
    [InlineData(40)]
    public void Help_fits_the_terminal(int width)
    {
        var lines = ShellHelp.Of(null, width).ToList();

        Assert.Contains(lines, l => l.Contains("watch SECONDS COMMAND", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, Math.Max(width, 52)));
        Assert.All(ShellHelp.Of("camera", width), l => Assert.False(l.Contains("outbox show", StringComparison.Ordinal)));
        Assert.Throws<UsageException>(() => ShellHelp.Of("nonsense", width).ToList());
    }

    private static IEnumerable<ConsoleKeyInfo> Keys(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '<')
            {
                yield return new ConsoleKeyInfo(text[i], ConsoleKey.None, false, false, false);
                continue;
            }

            var name = text[(i + 1)..text.IndexOf('>', i)];
            i += name.Length + 1;
            yield return name switch
            {
                ['^', var letter] => new ConsoleKeyInfo((char)(letter - 'A' + 1), ConsoleKey.A + (letter - 'A'), false, false, control: true),
                _ when name.StartsWith("alt-", StringComparison.Ordinal) => new ConsoleKeyInfo(name[4], ConsoleKey.A + (name[4] - 'a'), false, alt: true, false),
                _ => new ConsoleKeyInfo('\0', name switch
                {
                    "left" => ConsoleKey.LeftArrow,
                    "right" => ConsoleKey.RightArrow,
                    "up" => ConsoleKey.UpArrow,
                    "down" => ConsoleKey.DownArrow,
                    "home" => ConsoleKey.Home,
                    "end" => ConsoleKey.End,
                    "back" => ConsoleKey.Backspace,
                    "del" => ConsoleKey.Delete,
                    "tab" => ConsoleKey.Tab,
                    "enter" => ConsoleKey.Enter,
                    _ => throw new ArgumentException(name),
                }, false, false, false),
            };
        }
    }

    public void Dispose() => _folder.Dispose();
}

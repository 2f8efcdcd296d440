using Spectre.Console;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Support;

[Collection(ProcessesCollection.Name)]
public sealed class SafeConsoleTests
{
    private const string Attack = "cam\u001b]0;owned\u0007\u001b[2J\u009b1mx\u202etxt.exe";

    private static readonly char[] s_obeyed = ['\u001b', '\u0007', '\u009b', '\u202e'];

    [Fact]
    public void Every_way_of_writing_a_text_writes_it_out()
    {
        var written = new StringWriter();
        using var console = TextWriter.Synchronized(new SafeConsole.PlainWriter(written));

        console.Write(Attack);
        console.WriteLine(Attack);
        console.WriteLine("{0} {1}", Attack, 1);
        console.Write(Attack.ToCharArray());
        console.Write(Attack.AsSpan());
        console.Write('\u001b');
        console.WriteLine((object)Attack);

        Assert.True(written.ToString().AsSpan().IndexOfAny(s_obeyed) < 0, written.ToString());
        Assert.StartsWith("cam\\u001b]0;owned\\u0007", written.ToString(), StringComparison.Ordinal);
        Assert.Equal(3, written.ToString().Split(written.NewLine).Length - 1);
    }

    [Fact]
    public void Cells_and_lines_of_tables_are_written_out_and_colours_stay()
    {
        var written = new StringWriter();
        var console = SafeConsole.Of(new AnsiConsoleOutput(written));
        console.Profile.Capabilities.Ansi = true;
        console.Profile.Width = 200;

        console.Write(new Table().AddColumn(new TableColumn(new Text(Attack))).AddRow(new Text(Attack)));
        console.MarkupLineInterpolated($"[bold]{Attack}[/]");

        Assert.Contains("\\u001b]0;owned", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b]0;", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[2J", written.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain('\u202e', written.ToString());
        Assert.Contains("\u001b[1m", written.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_name_in_a_refusal_does_not_reach_the_terminal_as_it_is()
    {
        using var folder = new SettingsFolder();

        var ended = await TrafficflowProcess.RunAsync("score", "--truth", Path.Combine(folder.Path, $"{Attack}.csv"), "--counted", Path.Combine(folder.Path, "none.csv"));

        Assert.NotEqual(ExitCodes.Done, ended.Code);
        Assert.Contains("owned", ended.Error, StringComparison.Ordinal);
        Assert.True($"{ended.Output}{ended.Error}".AsSpan().IndexOfAny(s_obeyed) < 0, ended.Error);
    }

    [Fact]
    public async Task Names_in_a_truth_file_do_not_reach_the_terminal_as_they_are()
    {
        using var folder = new SettingsFolder();
        var truth = folder.Write("truth.csv", $"gate,direction,time_s,class,size,optional\n{Attack},forward,1,{Attack},,\n");

        var ended = await TrafficflowProcess.RunAsync("score", "--truth", truth, "--counted", truth);

        Assert.NotEqual(ExitCodes.Done, ended.Code);
        Assert.True($"{ended.Output}{ended.Error}".AsSpan().IndexOfAny(s_obeyed) < 0, ended.Error);
    }
}

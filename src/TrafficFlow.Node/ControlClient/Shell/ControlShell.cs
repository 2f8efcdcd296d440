using System.Globalization;
using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>
/// `trafficflow ctl` alone on a terminal: commands one after the other, with history and Tab. It outlives its node: that goes, is waited for, and
/// comes back, and each is said.
/// </summary>
/// <param name="site">For commands that name none; null for none.</param>
/// <param name="by">The same.</param>
internal sealed class ControlShell(string dataDirectory, string? site, string? by)
{
    private static readonly TimeSpan NameWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestWatch = TimeSpan.FromHours(1);

    private readonly ShellHistory _history = new(ShellHistory.DefaultFile());
    private readonly TerminalLine _terminal = new();
    private string _node = "";
    private DateTime? _startedAt;
    private bool _hasSaidNoHistory;

    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            _node = await NameAsync(stop);
            _startedAt = StartOf();
            Console.WriteLine($"The node {_node} in {dataDirectory}. help lists the commands, Tab completes, exit or Ctrl-D ends.");
            while (await _terminal.ReadAsync($"{_node}> ", _history.Lines, before => ShellCompletion.OfAsync(dataDirectory, before), stop) is { } line)
            {
                if (line.Trim() is "exit" or "quit") break;
                if (line.Trim().Length == 0) continue;
                Keep(line);
                SayWhetherRestarted();
                await RunAsync(line, stop);
            }

            return ExitCodes.Done;
        }
        finally
        {
            _terminal.Dispose();
        }
    }

    /// <summary>Told once: who has no history can still work.</summary>
    private void Keep(string line)
    {
        _history.Add(line);
        if (_history.Save() is not { } problem || _hasSaidNoHistory) return;
        _hasSaidNoHistory = true;
        Console.WriteLine(problem);
    }

    private async Task RunAsync(string line, CancellationToken stop)
    {
        try
        {
            var words = ShellWords.Split(line);
            switch (words[0])
            {
                case "help":
                    foreach (var told in ShellHelp.Of(words.ElementAtOrDefault(1), LiveScreen.Width)) Console.WriteLine(told);
                    break;
                case "watch":
                    await WatchAsync([.. words.Skip(1)], stop);
                    break;
                default:
                    var asked = ShellLine.Of(words, site, by, isJson: false);
                    if (!await _terminal.UntilInterruptedAsync(cancellation => ShowAsync(asked, cancellation), stop)) Console.WriteLine("interrupted: the node may still do it");
                    break;
            }
        }
        catch (UsageException wrong)
        {
            Console.WriteLine(wrong.Message);
        }
        catch (JobFailedException failed)
        {
            Console.WriteLine(failed.Message);
            if (NodeQuestion.IsAway(failed)) await AwaitNodeAsync(stop);
        }
    }

    private async Task ShowAsync(ShellLine asked, CancellationToken cancellation)
    {
        var (answer, reply) = await NodeQuestion.AskAsync(dataDirectory, asked.Request, cancellation);
        if (asked.IsJson) Console.WriteLine(Encoding.UTF8.GetString(answer));
        else if (reply is InspectionTables tables) CtlTables.Write(AnsiConsole.Console, tables.Tables);
        if (reply is CommandFailed failed && !asked.IsJson) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
    }

    private async Task WatchAsync(IReadOnlyList<string> words, CancellationToken stop)
    {
        if (words.Count < 2 || !double.TryParse(words[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) || seconds < 0.2 || seconds > LongestWatch.TotalSeconds)
            throw new UsageException("write watch SECONDS COMMAND, as of watch 2 camera list; 0.2 to 3600 seconds");
        var asked = ShellLine.Of([.. words.Skip(1)], site, by, isJson: false);
        if (asked.Command.Changes) throw new UsageException($"{asked.Request.Words[0]} {asked.Request.Words[1]} changes something: watch repeats only what looks");
        using var screen = new LiveScreen();
        await _terminal.UntilInterruptedAsync(
            async cancellation =>
            {
                while (true)
                {
                    var text = await PictureAsync(asked, cancellation);
                    screen.Show(new Text($"every {seconds.ToString(CultureInfo.InvariantCulture)} s: {string.Join(' ', asked.Request.Words)}  {TimeProvider.System.GetUtcNow():HH:mm:ss}Z  Ctrl-C ends\n{text}"));
                    await Task.Delay(TimeSpan.FromSeconds(seconds), cancellation);
                }
            },
            stop);
    }

    /// <summary>A node that is away is no end: the next look may find it.</summary>
    private async Task<string> PictureAsync(ShellLine asked, CancellationToken cancellation)
    {
        try
        {
            var (_, reply) = await NodeQuestion.AskAsync(dataDirectory, asked.Request, cancellation);
            return reply is CommandFailed failed ? $"{failed.Reason}: {failed.Remedy}" : CtlTables.TextOf(((InspectionTables)reply).Tables, LiveScreen.Width);
        }
        catch (JobFailedException failed)
        {
            return failed.Message;
        }
    }

    private async Task AwaitNodeAsync(CancellationToken stop)
    {
        Console.WriteLine("Waiting for the node; Ctrl-C for the prompt.");
        if (!await _terminal.UntilInterruptedAsync(AnswersAsync, stop)) return;
        _node = await NameAsync(stop);
        _startedAt = StartOf();
        Console.WriteLine($"The node {_node} is back: ask again.");
    }

    private async Task AnswersAsync(CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await NodeQuestion.AskAsync(dataDirectory, new ControlRequest(["log", "show"]), cancellation, NameWithin);
                return;
            }
            catch (JobFailedException)
            {
                await Task.Delay(AskAgain, cancellation);
            }
        }
    }

    private void SayWhetherRestarted()
    {
        if (StartOf() is not { } start || start == _startedAt) return;
        if (_startedAt is not null) Console.WriteLine($"The node was started again at {start:yyyy-MM-dd HH:mm:ss}Z.");
        _startedAt = start;
    }

    /// <summary>A node binds its socket when it starts.</summary>
    private DateTime? StartOf() => File.Exists(ControlSocket.PathIn(dataDirectory)) ? File.GetLastWriteTimeUtc(ControlSocket.PathIn(dataDirectory)) : null;

    /// <summary>As the cluster calls it; a node without peers goes by its machine's name.</summary>
    private async Task<string> NameAsync(CancellationToken stop)
    {
        try
        {
            var (_, reply) = await NodeQuestion.AskAsync(dataDirectory, new ControlRequest(["cluster", "show"]), stop, NameWithin);
            if (reply is InspectionTables { Tables: [var members, ..] } && members.Columns.Select(c => c.Name).ToList() is var columns
                && members.Rows.FirstOrDefault(r => columns.Contains("self") && r[columns.IndexOf("self")] is true) is { IsDefaultOrEmpty: false } own
                && own[columns.IndexOf("address")] is string address && address.Split(':') is [{ Length: > 0 } host, { Length: > 1 }] && host != "localhost")
                return address;
        }
        catch (JobFailedException away) when (_node.Length > 0 || !NodeQuestion.IsAway(away))
        {
            // It answers late, or otherwise: a name is not worth more.
        }

        return Environment.MachineName;
    }
}

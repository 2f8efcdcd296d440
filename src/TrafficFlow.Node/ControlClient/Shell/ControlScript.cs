using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient.Shell;

/// <summary>
/// `trafficflow ctl` without words where nobody types: a command a line from standard input; empty lines and those with # are passed over. It stops at
/// the first one that fails, with that one's exit code, or goes on and ends with it.
/// </summary>
internal sealed class ControlScript(string dataDirectory, string? site, string? by, bool isJson, bool keepGoing)
{
    public async Task<int> RunAsync(TextReader input, CancellationToken interrupted)
    {
        var (number, asked, outcome) = (0, 0, ExitCodes.Done);
        while (await input.ReadLineAsync(interrupted) is { } line)
        {
            number++;
            if (line.AsSpan().Trim() is { Length: 0 } or ['#', ..]) continue;
            asked++;
            var (code, problem) = await RunAsync(line, interrupted);
            if (code == ExitCodes.Done) continue;
            await Console.Error.WriteLineAsync($"trafficflow: line {number}: {problem}");
            if (outcome == ExitCodes.Done) outcome = code;
            if (!keepGoing) return code;
        }

        return asked > 0 ? outcome : throw new UsageException($"{CommandCatalog.Read([]).Problem}; no command came on standard input either");
    }

    private async Task<(int Code, string Problem)> RunAsync(string line, CancellationToken interrupted)
    {
        try
        {
            var words = ShellWords.Split(line);
            if (words is ["watch", ..]) return (ExitCodes.BadUsage, "watch is for a terminal: repeat the command in your script");
            var command = ShellLine.Of(words, site, by, isJson);
            var (answer, reply) = await NodeQuestion.AskAsync(dataDirectory, command.Request, interrupted);
            if (command.IsJson) Console.WriteLine(Encoding.UTF8.GetString(answer));
            else if (reply is InspectionTables tables) CtlTables.Write(AnsiConsole.Console, tables.Tables);
            return reply is CommandFailed failed ? (ExitCodes.Failed, $"{failed.Reason}: {failed.Remedy}") : (ExitCodes.Done, "");
        }
        catch (UsageException wrong)
        {
            return (ExitCodes.BadUsage, wrong.Message);
        }
        catch (JobFailedException failed)
        {
            return (ExitCodes.Failed, failed.Message);
        }
    }
}

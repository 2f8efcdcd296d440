using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Wire.Operations;

namespace TrafficFlow.Node.ControlClient;

/// <summary>Asks the node of a data directory one question and prints the answer.</summary>
internal sealed class CtlJob(string dataDirectory, ControlRequest request, bool asJson)
{
    public async Task<int> RunAsync(CancellationToken interrupted)
    {
        var (answer, reply) = await NodeQuestion.AskAsync(dataDirectory, request, interrupted);
        if (asJson) Console.WriteLine(Encoding.UTF8.GetString(answer));
        if (reply is CommandFailed failed) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
        if (!asJson) CtlTables.Write(AnsiConsole.Console, ((InspectionTables)reply).Tables);
        return ExitCodes.Done;
    }
}

using System.Net.Http.Headers;
using System.Text;
using Spectre.Console;
using TrafficFlow.Node.ControlClient;
using TrafficFlow.Node.ControlServer;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;
using TrafficFlow.Wire.Journals;
using TrafficFlow.Wire.Operations;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Node.Why;

/// <summary>Finds the evidence where it is, and prints it.</summary>
internal sealed class WhyJob(EntryId id, bool asJson)
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(30);

    /// <param name="counted">The folder of a count; null for a node.</param>
    /// <param name="data">The data folder of the node.</param>
    /// <param name="config">Its settings, where they were named.</param>
    public async Task<int> RunAsync(string? counted, string data, string? config, CancellationToken cancellation)
    {
        var reply = counted is not null ? OfCount(counted) : await AskAsync(data, cancellation) ?? await OfStoppedAsync(data, config);
        if (asJson) Console.WriteLine(Encoding.UTF8.GetString(ReplyJson.Write(reply)));
        if (reply is CommandFailed failed) throw new JobFailedException($"{failed.Reason}: {failed.Remedy}");
        if (!asJson) CtlTables.Write(AnsiConsole.Console, ((InspectionTables)reply).Tables);
        return ExitCodes.Done;
    }

    private OperatorReply OfCount(string folder)
    {
        var document = CountedEvidence.Find(folder, id);
        return WhyTable.Of(document, [new WhyRow("bin", "server", "none: a recording was counted; its bins are in bins.csv where --bins asked for them, and have one revision")]);
    }

    /// <returns>Null where no node runs.</returns>
    private async Task<OperatorReply?> AskAsync(string data, CancellationToken interrupted)
    {
        using var node = new NodeConnection(data);
        if (!File.Exists(node.Path)) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(interrupted);
        patience.CancelAfter(AnswerWithin);
        using var body = new ByteArrayContent(new ControlRequest(["why", id.ToString()]).Write());
        body.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        try
        {
            using var answer = await node.Http.PostAsync("commands", body, patience.Token);
            return ReplyJson.Read(await answer.Content.ReadAsByteArrayAsync(patience.Token));
        }
        catch (HttpRequestException e) when (e.InnerException is System.Net.Sockets.SocketException { SocketErrorCode: not System.Net.Sockets.SocketError.AccessDenied })
        {
            // Killed, or just starting: its files are there.
            return null;
        }
        catch (HttpRequestException e)
        {
            throw new JobFailedException(node.Explain(e), e);
        }
        catch (OperationCanceledException e) when (!interrupted.IsCancellationRequested)
        {
            throw new JobFailedException($"the node at {node.Path} does not answer within {AnswerWithin.TotalSeconds:0} s: is the machine overloaded, or the node stopped (SIGSTOP)?", e);
        }
        catch (FormatException e)
        {
            throw new JobFailedException(node.OtherForm, e);
        }
    }

    private async Task<OperatorReply> OfStoppedAsync(string data, string? config)
    {
        if (!Directory.Exists(data)) throw new UsageException($"there is no folder {data}: name the data folder of a node");
        try
        {
            _ = Directory.EnumerateFiles(data).Any();
        }
        catch (UnauthorizedAccessException e)
        {
            throw new JobFailedException($"{data} may not be read by this account: run it as the account of the node, or as root", e);
        }

        var (document, problem, remedy) = EvidenceReader.Find(EvidenceFile.PathIn(data), id);
        return document is null
            ? new CommandFailed(problem, remedy)
            : WhyTable.Of(document, await ServerSide.ReadAsync(Tables(data, config), document), "the node does not run: this is from its files");
    }

    /// <returns>Null where the node has none.</returns>
    private static Func<IFlowQuery>? Tables(string data, string? config)
    {
        JournalSettings journal = new SqliteJournal(Path.Combine(data, "journal.db"));
        if (config is not null)
        {
            var settings = NodeSettings.Load(config);
            if (!settings.Has(NodeRole.Server)) return null;
            journal = settings.Journal;
        }

        return journal is SqliteJournal file && !File.Exists(file.TablesFile) ? null : () => ReadTables.Flows(journal);
    }
}

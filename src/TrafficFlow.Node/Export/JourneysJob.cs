using System.Runtime.CompilerServices;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Settings;
using TrafficFlow.Server.Queries;
using TrafficFlow.Server.Tables;

namespace TrafficFlow.Node.Export;

/// <summary>Reads the journeys of an interval from the read tables and writes them as rows.</summary>
internal sealed class JourneysJob(string config, string siteName, string? approachName, string? from, string? to, RowFile file, TimeProvider time)
{
    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        file.CheckFree();
        var (settings, site) = ServerSite.Of(config, siteName);
        var span = ExportInterval.Parse(from, to, site.TimeZone, time.GetUtcNow());
        if (approachName is not null && site.Approaches.All(a => a.Id.Value != approachName))
            throw new UsageException($"--approach {approachName}: site {site.Id} has no such approach; {Suggestion.For(approachName, [.. site.Approaches.Select(a => a.Id.Value)], "it has")}");
        try
        {
            var rows = await file.WriteAsync(RowsAsync(ReadTables.Journeys(settings.Journal), site, span, cancellation), cancellation);
            var note = site.Junction is null ? "; as its site file stands it has no junction, which alone sees journeys: several calibrated cameras with gates" : "";
            await Console.Error.WriteLineAsync($"{rows} journeys over {site.Id}, {span.From:yyyy-MM-dd HH:mm zzz} to {span.To:yyyy-MM-dd HH:mm zzz}{note}");
            return ExitCodes.Done;
        }
        catch (QueryException e)
        {
            throw new JobFailedException(e.Message, e);
        }
    }

    private async IAsyncEnumerable<JourneyExportRow> RowsAsync(IJourneyQuery query, Site site, Interval span, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var filter = new JourneyFilter(site.Id, span) { Approach = approachName is null ? null : new ApproachId(approachName) };
        await foreach (var journey in query.ReadAllAsync(filter, cancellation)) yield return JourneyExportRow.Of(site, journey);
    }
}

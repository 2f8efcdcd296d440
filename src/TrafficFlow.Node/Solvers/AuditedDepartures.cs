using System.Globalization;
using TrafficFlow.Analysis.Optimisation.Remote;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Node.Solvers;

/// <summary>
/// The audit of what leaves for one solver: each model is in the node's audit, on the disk, before a byte of it leaves, and what was refused is there as well. Nothing leaves while the audit cannot be
/// written, nor beyond the jobs of a day, which are counted in the audit itself: a restart does not begin them anew.
/// </summary>
/// <param name="account">Of who asks, as in all records.</param>
/// <param name="log">Looked up for each record; null while it cannot be opened.</param>
internal sealed class AuditedDepartures(string solver, int jobsPerDay, string account, Func<AuditLog?> log, AuditPlace place, TimeProvider time) : IDepartureLog, IDisposable
{
    /// <summary>Of a count and the record behind it, so that two at once do not both take the last job.</summary>
    private readonly SemaphoreSlim _one = new(1, 1);

    private string Action => $"send a model to solver {solver}";

    public async Task RecordAsync(DepartureRecord record, CancellationToken cancellation)
    {
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (log() is not { } open) throw NotRecorded("it cannot be opened");
            if (record.HoldsModel && JobsToday() >= jobsPerDay)
            {
                throw new DepartureRefusedException(string.Create(
                    CultureInfo.InvariantCulture, $"{jobsPerDay} models have left for solver {solver} since midnight (UTC), which are its jobs of a day: wait, or set trafficflow.analysis.solvers.{solver}.jobs-per-day higher"));
            }

            var details = string.Create(
                CultureInfo.InvariantCulture,
                $"{record.Kind}, {record.Variables} variables, {record.Couplings} couplings, {record.Bytes} bytes, sha256 {record.Sha256}, fields {string.Join(' ', record.Fields)}");
            if (await open.RecordAsync(new AuditEvent(AuditKind.Export, record.Principal, account, record.HoldsModel ? Action : $"ask solver {solver} about that model", record.Destination, Details: details)).ConfigureAwait(false) is null)
                throw NotRecorded(open.Problem ?? "too much is recorded at once");
        }
        finally
        {
            _one.Release();
        }
    }

    public async Task RecordRefusedAsync(RefusedDeparture refused, CancellationToken cancellation)
    {
        if (log() is { } open)
            await open.RecordAsync(new AuditEvent(AuditKind.Export, refused.Principal, account, Action, refused.Destination, $"refused: {refused.Why}", $"{refused.Kind}, {refused.Type}")).ConfigureAwait(false);
    }

    public void Dispose() => _one.Dispose();

    private int JobsToday()
    {
        try
        {
            var midnight = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
            return AuditReader.Read(place, new AuditFilter(From: midnight, Kind: AuditKind.Export, Action: Action)).Count(r => r.Event.Action == Action && r.Event.Outcome == "done");
        }
        catch (VaultFileException e)
        {
            throw NotRecorded(e.Message);
        }
    }

    private DepartureRefusedException NotRecorded(string why) => new($"nothing leaves for solver {solver} that is not in the node's audit, and the audit is out of order ({why}): mend that first");
}

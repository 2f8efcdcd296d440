using System.Net;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;

namespace TrafficFlow.Web.Access;

/// <summary>
/// Failed tries into the audit, so that whoever knocks neither fills a disk nor pushes out what others did: the first ones of an address one by one, and what is beyond them in
/// one record for each interval. Thread-safe.
/// </summary>
internal sealed class FailedTryRecords(Func<AuditEvent, Task> record, TimeProvider time)
{
    public const int MostOfAddress = 10;
    public const int MostOfAll = 200;

    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private readonly Dictionary<IPAddress, int> _recorded = [];
    private readonly HashSet<IPAddress> _uncounted = [];
    private long _beganAt = time.GetTimestamp();
    private int _recordedOfAll;
    private long _untold;

    /// <summary>Records a try, or counts it.</summary>
    public async Task AddAsync(IPAddress from, AuditEvent e)
    {
        var (summary, isRecorded) = Take(FailedTries.NetworkOf(from), wantsRecord: true);
        if (summary is not null) await record(summary);
        if (isRecorded) await record(e);
    }

    /// <summary>One that was not even looked at: counted.</summary>
    public async Task CountAsync(IPAddress from)
    {
        if (Take(FailedTries.NetworkOf(from), wantsRecord: false).Summary is { } summary) await record(summary);
    }

    private (AuditEvent? Summary, bool IsRecorded) Take(IPAddress network, bool wantsRecord)
    {
        lock (_gate)
        {
            AuditEvent? summary = null;
            if (time.GetElapsedTime(_beganAt) >= Interval)
            {
                if (_untold > 0)
                    summary = new AuditEvent(AuditKind.FailedTry, "", "address:several", "more failed tries", "this node", "refused", $"{_untold} from {_uncounted.Count} addresses in {time.GetElapsedTime(_beganAt).TotalMinutes:0} minutes, not recorded one by one");
                _recorded.Clear();
                _uncounted.Clear();
                (_beganAt, _recordedOfAll, _untold) = (time.GetTimestamp(), 0, 0);
            }

            if (wantsRecord && _recordedOfAll < MostOfAll && _recorded.GetValueOrDefault(network) is var own && own < MostOfAddress)
            {
                _recorded[network] = own + 1;
                _recordedOfAll++;
                return (summary, true);
            }

            _untold++;
            if (_uncounted.Count < FailedTries.MostAddresses) _uncounted.Add(network);
            return (summary, false);
        }
    }
}

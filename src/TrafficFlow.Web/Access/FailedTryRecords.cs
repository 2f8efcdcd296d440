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
    private bool _isOpen;
    private int _recordedOfAll;
    private long _untold;

    /// <summary>Records a try, or counts it.</summary>
    public async Task AddAsync(IPAddress from, AuditEvent e)
    {
        if (Take(FailedTries.NetworkOf(from), wantsRecord: true)) await record(e);
    }

    /// <summary>One that was not even looked at: counted.</summary>
    public Task CountAsync(IPAddress from)
    {
        Take(FailedTries.NetworkOf(from), wantsRecord: false);
        return Task.CompletedTask;
    }

    /// <returns>Whether it is recorded by itself.</returns>
    private bool Take(IPAddress network, bool wantsRecord)
    {
        lock (_gate)
        {
            // Each interval begins with the first try of it, and tells at its end what it did not tell before.
            if (!_isOpen)
            {
                _isOpen = true;
                _ = CloseAsync();
            }

            if (wantsRecord && _recordedOfAll < MostOfAll && _recorded.GetValueOrDefault(network) is var own && own < MostOfAddress)
            {
                _recorded[network] = own + 1;
                _recordedOfAll++;
                return true;
            }

            _untold++;
            if (_uncounted.Count < FailedTries.MostAddresses) _uncounted.Add(network);
            return false;
        }
    }

    private async Task CloseAsync()
    {
        await Task.Delay(Interval, time);
        AuditEvent? summary = null;
        lock (_gate)
        {
            if (_untold > 0)
                summary = new AuditEvent(AuditKind.FailedTry, "", "address:several", "more failed tries", "this node", "refused", $"{_untold} from {_uncounted.Count} addresses in {Interval.TotalMinutes:0} minutes, not recorded one by one");
            _recorded.Clear();
            _uncounted.Clear();
            (_isOpen, _recordedOfAll, _untold) = (false, 0, 0);
        }

        if (summary is not null) await record(summary);
    }
}

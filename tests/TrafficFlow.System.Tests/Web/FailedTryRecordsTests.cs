using System.Net;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Web;

public sealed class FailedTryRecordsTests
{
    private readonly TickedTime _time = new();
    private readonly List<AuditEvent> _recorded = [];
    private readonly TaskCompletionSource<AuditEvent> _told = new();
    private readonly FailedTryRecords _records;

    public FailedTryRecordsTests() => _records = new FailedTryRecords(
        e =>
        {
            _recorded.Add(e);
            if (e.Action == "more failed tries") _told.SetResult(e);
            return Task.CompletedTask;
        }, _time);

    [Fact]
    public async Task The_first_tries_of_an_address_are_recorded_and_the_others_in_one_record_of_each_interval()
    {
        for (var i = 0; i < 1_000; i++) await _records.AddAsync(IPAddress.Parse($"192.0.2.{i % 2}"), Try);
        Assert.Equal(2 * FailedTryRecords.MostOfAddress, _recorded.Count);

        // Nobody tries again: it is told all the same.
        _time.Move(FailedTryRecords.Interval);
        _time.Tick();

        Assert.StartsWith("980 from 2 addresses", (await _told.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken)).Details);
    }

    [Fact]
    public async Task A_thousand_addresses_fill_no_audit_either()
    {
        for (var i = 0; i < 5_000; i++) await _records.AddAsync(new IPAddress([198, 51, (byte)(i / 250), (byte)(i % 250)]), Try);

        Assert.Equal(FailedTryRecords.MostOfAll, _recorded.Count);
    }

    private static AuditEvent Try => new(AuditKind.FailedTry, "", "address:x", "token", "/");
}

using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Node.Run;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Journals;
using Xunit;

namespace TrafficFlow.SystemTests.Run;

public sealed class NodeChecksTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public async Task A_database_that_is_away_is_unhealthy_with_its_name()
    {
        var file = Path.Combine(_folder.Path, "journal.db");

        var result = await DatabaseCheck.OfJournal(new SqliteJournal(file)).CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains(file, result.Description);

        result = await DatabaseCheck.OfTables(new PostgresJournal("Host=127.0.0.1;Port=1;Database=x;Username=x;Timeout=2")).CheckHealthAsync(new HealthCheckContext());
        Assert.Equal(HealthStatus.Unhealthy, result.Status);
        Assert.Contains("read tables' PostgreSQL does not answer", result.Description);
    }

    [Fact]
    public async Task Cameras_that_are_not_started_are_unhealthy() =>
        Assert.Equal(HealthStatus.Unhealthy, (await new CamerasCheck(() => null).CheckHealthAsync(new HealthCheckContext())).Status);

    public void Dispose() => _folder.Dispose();
}

using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class VaultSectionTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_rest_has_defaults()
    {
        var plain = NodeSettings.Load(Write(""));
        Assert.Equal((new AuditOptions(), SessionLimits.Default), (plain.Audit, plain.Sessions));

        var read = NodeSettings.Load(Write("audit { copy-to = other, keep = 40d, checkpoint-each = 7, checkpoint-after = 5m, max-megabytes = 2 }\naccounts { idle = 10m, longest = 2h }"));

        Assert.Equal(
            new AuditOptions { CopyTo = Path.Combine(_folder.Path, "other"), Retention = TimeSpan.FromDays(40), CheckpointEach = 7, CheckpointAfter = TimeSpan.FromMinutes(5), RotateBytes = 2 * 1024 * 1024 }, read.Audit);
        Assert.Equal(new SessionLimits(TimeSpan.FromMinutes(10), TimeSpan.FromHours(2)), read.Sessions);
    }

    [Theory]
    [InlineData("audit { copy-to = data/other }", "trafficflow.audit.copy-to: lies in the data folder itself")]
    [InlineData("audit { keep = 1d }", "trafficflow.audit.keep")]
    [InlineData("audit { copy-too = x }", "trafficflow.audit.copy-too: is not a known key; did you mean copy-to?")]
    [InlineData("accounts { idle = 3h, longest = 1h }", "trafficflow.accounts.idle: is longer than the longest session")]
    [InlineData("accounts { idle = 2m, longest = forever }", "trafficflow.accounts.longest")]
    public void A_slip_is_told(string section, string told) =>
        Assert.Contains(told, Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write(section))).Problems).ToString(), StringComparison.Ordinal);

    public void Dispose() => _folder.Dispose();

    private string Write(string section) => _folder.Write("node.conf", $$"""
        trafficflow {
          node { roles = [server], data-directory = data }
          {{section}}
        }
        """);
}

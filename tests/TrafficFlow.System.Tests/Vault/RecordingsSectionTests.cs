using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

/// <summary>trafficflow.vault of a node's settings.</summary>
public sealed class RecordingsSectionTests : IDisposable
{
    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_is_written_is_in_force_and_the_rest_has_defaults()
    {
        Assert.Equal(new VaultSettings(null, new SegmentStoreOptions()), NodeSettings.Load(Write("")).Vault);
        Assert.Null(NodeSettings.Load(Write("vault { credential = off }")).Vault.Credential);

        Assert.Equal(
            new VaultSettings(Path.Combine(_folder.Path, "vault.key"), new SegmentStoreOptions { MostBytes = 7L << 30, MinFreeBytes = 3L << 30 }, OperatorsMayPlay: true) { ProveWithin = TimeSpan.FromDays(90) },
            NodeSettings.Load(Write("vault { credential = vault.key, max-gigabytes = 7, min-free-gigabytes = 3, operators-may-play = on, prove-within-days = 90 }")).Vault);
    }

    [Theory]
    [InlineData("vault { max-gigabytes = 0 }", "trafficflow.vault.max-gigabytes")]
    [InlineData("vault { min-free-gigabytes = much }", "trafficflow.vault.min-free-gigabytes")]
    [InlineData("vault { prove-within-days = 0 }", "trafficflow.vault.prove-within-days")]
    [InlineData("vault { credentials = x }", "trafficflow.vault.credentials: is not a known key; did you mean credential?")]
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

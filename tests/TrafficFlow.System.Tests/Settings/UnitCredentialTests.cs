using TrafficFlow.Node.Settings;
using TrafficFlow.Node.Subscriptions;
using Xunit;

namespace TrafficFlow.SystemTests.Settings;

/// <summary>The settings of a service, read by somebody at a shell.</summary>
public sealed class UnitCredentialTests : IDisposable
{
    private const string Password = "/run/credentials/trafficflow-nowhere.service/secrets_postgres.password";

    private readonly SettingsFolder _folder = new();

    [Fact]
    public void What_systemd_hands_to_a_unit_is_told_with_how_to_get_it()
    {
        var told = Assert.Single(Assert.Throws<SettingsException>(() => NodeSettings.Load(Write())).Problems).ToString();

        Assert.Contains($"trafficflow.node.journal.password-file: there is no file {Password}; systemd hands /etc/trafficflow/secrets/postgres.password to trafficflow-nowhere.service alone", told, StringComparison.Ordinal);
        Assert.Contains("systemd-run --pipe --wait --same-dir -p LoadCredential=secrets:/etc/trafficflow/secrets trafficflow", told, StringComparison.Ordinal);
        Assert.Contains("systemd-run", Assert.Throws<FormatException>(() => ServerCertificate.Read(Password, Password)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_verb_takes_what_it_was_handed_itself_under_the_same_name_and_nothing_else()
    {
        var own = _folder.Write("secrets_postgres.password", "secret");

        Assert.Equal(own, UnitCredential.Find(Password, _folder.Path));
        Assert.Equal(Password, UnitCredential.Find(Password, null));
        Assert.Equal(Password, UnitCredential.Find(Password, Path.Combine(_folder.Path, "none")));
        Assert.Equal("/etc/secrets_postgres.password", UnitCredential.Find("/etc/secrets_postgres.password", _folder.Path));
        Assert.Null(UnitCredential.Remedy("/etc/secrets_postgres.password"));
    }

    public void Dispose() => _folder.Dispose();

    private string Write()
    {
        _folder.Write("site.conf", SettingsFolder.GoodSite);
        return _folder.Write("node.conf", $$"""
            trafficflow.node {
              roles = [server], sites = ["site.conf"], data-directory = "data"
              journal { type = postgresql, connection = "Host=h;Database=d;Username=u", password-file = "{{Password}}" }
            }
            """);
    }
}

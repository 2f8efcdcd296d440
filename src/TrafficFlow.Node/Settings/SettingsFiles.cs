using TrafficFlow.Node.Settings.HoconParsing;
using TrafficFlow.Vision.Onnx;
using TrafficFlow.Web.Feeds;

namespace TrafficFlow.Node.Settings;

/// <summary>The files without which a node's settings cannot be read elsewhere.</summary>
/// <param name="Settings">The node's file, its site files, what they include or name, and a common.conf of its own.</param>
/// <param name="Models">Networks of its own.</param>
/// <param name="Public">Certificates and the pin list: what its peers may know.</param>
/// <param name="Secrets">Keys and passwords.</param>
internal sealed record SettingsFiles(IReadOnlyList<string> Settings, IReadOnlyList<string> Models, IReadOnlyList<string> Public, IReadOnlyList<string> Secrets)
{
    /// <exception cref="SettingsException">The settings cannot be used.</exception>
    public static SettingsFiles Of(NodeSettings settings)
    {
        var problems = new List<SettingsProblem>();
        var read = new List<string>();
        var common = CommonFile.Find(settings.File, problems) is { } found && found != CommonFile.Shipped ? found : null;
        foreach (var file in new[] { settings.File, common }.OfType<string>().Concat(settings.Sites.Select(s => s.File)))
        {
            var conf = new ConfFile(problems);
            conf.Read(file);
            read.AddRange(conf.Opened);
        }

        if (problems.Count > 0) throw new SettingsException([.. problems.Distinct()]);
        var models = settings.Sites.Select(s => s.Detectors).Append(settings.Detectors)
            .SelectMany(d => d.ByName.Values).Select(d => d.Model).OfType<OnnxModelSettings>()
            .Where(m => m.Embedded is null).Select(m => Path.GetFullPath(m.Path)).Where(File.Exists);
        var tls = settings.Remoting.Tls;
        var password = settings.Journal is Wire.Journals.PostgresJournal { PasswordFile: { } named } ? named : null;
        var subscriptions = settings.Subscriptions;
        var authorities = settings.Feeds.OfType<MqttFeedSettings>().Select(f => f.CaFile);
        var secrets = settings.Feeds.Select(f => f switch
        {
            MqttFeedSettings mqtt => mqtt.PasswordFile,
            WebhookFeedSettings webhook => webhook.SecretFile,
            NgsiFeedSettings ngsi => ngsi.TokenFile,
            _ => null,
        });
        return new SettingsFiles(
            [.. read.Concat(settings.Sites.Select(s => s.Site.Custody?.Workdays.File).OfType<string>()).Distinct()],
            [.. models.Distinct()],
            [.. new[] { tls?.Ca, tls?.Certificate, tls?.Pins, subscriptions?.Certificate }.Concat(authorities).OfType<string>().Distinct()],
            [.. new[] { tls?.Key, password, subscriptions?.PrivateKey, subscriptions?.TokensFile }.Concat(secrets).OfType<string>().Where(File.Exists).Distinct()]);
    }
}

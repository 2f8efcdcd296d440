using System.Globalization;
using Akka.Configuration.Hocon;
using TrafficFlow.Node.Settings.HoconParsing;

namespace TrafficFlow.Node.Settings;

/// <summary>One value that is in force, without secrets.</summary>
/// <param name="Written">FILE:LINE, or empty for a default of the program.</param>
public sealed record EffectiveSetting(string Key, string Value, string Written)
{
    private const string Actors = "trafficflow.actors";

    /// <summary>A node's settings from all layers, and the defaults of the actors; its site files are told by <see cref="OfSite"/>.</summary>
    internal static IReadOnlyList<EffectiveSetting> Of(ConfSection layers)
    {
        var written = new List<EffectiveSetting>();
        Add(layers, "", "", written);
        var keys = written.Select(w => w.Key).ToHashSet(StringComparer.Ordinal);
        var defaults = new List<EffectiveSetting>();
        Add(ActorsSettings.Reference.GetConfig(Actors).Root, Actors, defaults);
        return [.. written.Concat(defaults.Where(d => !keys.Contains(d.Key)))];
    }

    internal static IReadOnlyList<EffectiveSetting> OfSite(SiteSettings site)
    {
        var written = new List<EffectiveSetting>();
        Add(site.Written, "", "", written);
        return written;
    }

    private static void Add(ConfValue value, string path, string key, List<EffectiveSetting> settings)
    {
        if (value is ConfSection section)
        {
            foreach (var (name, child) in section.Items) Add(child, ConfPath.Join(path, name), name, settings);
            return;
        }

        var origin = $"{Path.GetFileName(value.Origin.File)}:{value.Origin.Line.ToString(CultureInfo.InvariantCulture)}";
        settings.Add(new EffectiveSetting(path, Redaction.OfSetting(key, Text(value)), origin));
    }

    private static void Add(HoconValue value, string path, List<EffectiveSetting> settings)
    {
        if (value.IsObject())
        {
            foreach (var (name, child) in value.GetObject().Items) Add(child, ConfPath.Join(path, name), settings);
        }
        else
        {
            settings.Add(new EffectiveSetting(path, value.GetString(), ""));
        }
    }

    private static string Text(ConfValue value) => value switch
    {
        ConfText text => text.Text,
        ConfList list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        ConfSection section => $"{{ {string.Join(", ", section.Items.Select(i => $"{i.Key} = {Redaction.OfSetting(i.Key, Text(i.Value))}"))} }}",
        _ => throw new ArgumentOutOfRangeException(nameof(value), value, "no such value"),
    };
}

using Akka.Configuration;

namespace TrafficFlow.Node.Settings.Nodes;

/// <summary>
/// Checks trafficflow.actors, the fine tuning that is seldom needed: every key must be one of the actors' reference.conf, which tells
/// meaning, unit and default.
/// </summary>
internal static class ActorsSection
{
    public static void Check(SettingsReader actors) => Check(actors, ActorsSettings.Reference.GetConfig("trafficflow.actors"));

    private static void Check(SettingsReader section, Config known)
    {
        var values = known.Root.GetObject().Items;
        foreach (var key in section.Keys.Where(values.ContainsKey))
        {
            if (values[key].IsObject() && section.OptionalSection(key) is { } inner) Check(inner, known.GetConfig(key));
            else section.Find(key);
        }

        section.RefuseUnknown();
    }
}

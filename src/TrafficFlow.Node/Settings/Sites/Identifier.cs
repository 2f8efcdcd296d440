using TrafficFlow.Core.Sites;

namespace TrafficFlow.Node.Settings.Sites;

/// <summary>Names in settings, by the rule that messages are held against too.</summary>
internal static class Identifier
{
    public const string Remedy = NameRule.Remedy;

    public static bool IsValid(string id) => NameRule.IsChosen(id);
}

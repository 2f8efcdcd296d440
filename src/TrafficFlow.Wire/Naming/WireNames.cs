using System.Collections.Concurrent;
using System.Runtime.Serialization;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Wire.Naming;

/// <summary>
/// Holds the names in a message of another node against the rule for names, before anything is made of it: a field of a name in the table below is that
/// kind of name in every message. Texts that explain (reason, problem, remedy) are shown as <see cref="PlainText"/> and are not looked at here, and persisted
/// rows are not either: what was accepted once stays readable.
/// </summary>
internal static class WireNames
{
    private const int LongestLabel = 256;

    private static readonly Dictionary<string, Func<string, bool>> s_rules = new()
    {
        ["site"] = IsName,
        ["sites"] = IsName,
        ["camera"] = IsName,
        ["cameras"] = IsName,
        ["approach"] = IsName,
        ["exit"] = IsName,
        // Cameras, or SITE/APPROACH.
        ["known"] = known => known.Split('/').All(IsName),
        ["feeds"] = IsName,
        ["movement"] = movement => movement.Length == 0 || Movement.IsName(movement),
        ["movements"] = Movement.IsName,
        ["node"] = IsLabel,
        ["boot"] = IsLabel,
        ["run"] = IsLabel,
        ["version"] = IsLabel,
        ["roles"] = IsLabel,
        ["detector"] = IsLabel,
        ["site_hash"] = IsLabel,
        ["detector_name"] = IsLabel,
        ["detector_version"] = IsLabel,
        ["calibration"] = IsLabel,
        ["account"] = IsLabel,
        ["name"] = IsLabel,
    };

    private static readonly ConcurrentDictionary<MessageDescriptor, Plan> s_plans = new();

    /// <exception cref="SerializationException">A name is none; says which field, not more than a glimpse of it.</exception>
    public static void Check(IMessage message)
    {
        var plan = s_plans.GetOrAdd(message.Descriptor, d => PlanOf(d, []));
        foreach (var (field, rule) in plan.Names)
        {
            if (field.IsRepeated)
            {
                foreach (var text in (IEnumerable<string>)field.Accessor.GetValue(message)) Check(message, field, text, rule);
            }
            else
            {
                Check(message, field, (string)field.Accessor.GetValue(message), rule);
            }
        }

        foreach (var field in plan.Messages)
        {
            if (field.IsRepeated)
            {
                foreach (IMessage inner in (System.Collections.IEnumerable)field.Accessor.GetValue(message)) Check(inner);
            }
            else if (field.Accessor.GetValue(message) is IMessage inner)
            {
                Check(inner);
            }
        }
    }

    private static void Check(IMessage message, FieldDescriptor field, string text, Func<string, bool> rule)
    {
        if (!rule(text)) throw new SerializationException($"{message.Descriptor.Name}.{field.Name} is no {field.Name}: \"{PlainText.Of(text, 40)}\"");
    }

    // An optional field that is absent is empty.
    private static bool IsName(string name) => name.Length == 0 || NameRule.IsKnown(name);

    private static bool IsLabel(string label) => label.Length <= LongestLabel && PlainText.IsPlain(label);

    private static Plan PlanOf(MessageDescriptor message, HashSet<MessageDescriptor> above) => new(
        [.. message.Fields.InDeclarationOrder().Where(f => f.FieldType == FieldType.String && s_rules.ContainsKey(f.Name)).Select(f => (f, s_rules[f.Name]))],
        [.. message.Fields.InDeclarationOrder().Where(f => f.FieldType == FieldType.Message && !f.IsMap && HasNames(f.MessageType, [.. above, message]))]);

    private static bool HasNames(MessageDescriptor message, HashSet<MessageDescriptor> above)
    {
        if (above.Contains(message)) return true;
        var plan = PlanOf(message, above);
        return plan.Names.Length + plan.Messages.Length > 0;
    }

    private sealed record Plan((FieldDescriptor Field, Func<string, bool> Rule)[] Names, FieldDescriptor[] Messages);
}

using System.Collections;
using System.Globalization;
using System.Reflection;

namespace TrafficFlow.Actors.Tests.Support;

/// <summary>What an object says, all the way down: two are the same where this text is. Instants count, not offsets.</summary>
internal static class Structure
{
    public static string Text(object? o) => o switch
    {
        null => "null",
        string s => $"'{s}'",
        DateTimeOffset t => t.UtcTicks.ToString(CultureInfo.InvariantCulture),
        Google.Protobuf.IMessage message => message.ToString()!,
        IEnumerable list => $"[{string.Join(", ", list.Cast<object?>().Select(Text))}]",
        IFormattable value when value.GetType().Namespace?.StartsWith("System", StringComparison.Ordinal) == true || value is Enum =>
            value.ToString(null, CultureInfo.InvariantCulture),
        bool b => b.ToString(),
        _ => $"{o.GetType().Name}({string.Join(", ", Properties(o).Select(p => $"{p.Name}: {Text(p.GetValue(o))}"))})",
    };

    private static IEnumerable<PropertyInfo> Properties(object o) =>
        o.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetIndexParameters().Length == 0);
}

using System.Collections;
using System.Globalization;
using Akka.Actor;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Wire.Inspection;

/// <param name="Value">Text, long, double, bool, or null for unknown.</param>
/// <param name="Unit">Of a number; empty where it has none.</param>
public readonly record struct ActorValue(string Name, object? Value, string Unit);

/// <summary>
/// What an actor tells of itself: the state that it is in, and values by name. It is filled by the actor and read by others afterwards. Texts are made
/// plain and lose their secrets as they are added, so that no actor can show a password of a camera's address by mistake.
/// </summary>
/// <param name="word">As the actor's summary calls its states: streaming, backing off.</param>
public sealed class ActorState(string word) : IEnumerable<ActorValue>
{
    private const int LongestText = 300;

    private readonly List<ActorValue> _values = [];

    public string Word { get; } = word;

    public int Count => _values.Count;

    /// <param name="value">A number, time, duration, flag, id, word, enumeration, or an actor, of which the path is shown.</param>
    public void Add(string name, object? value, string unit = "") => _values.Add(value switch
    {
        TimeSpan duration => new ActorValue(name, Math.Round(duration.TotalSeconds, 3), "s"),
        DateTimeOffset time => new ActorValue(name, time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture), "UTC"),
        _ => new ActorValue(name, Shown(value), unit),
    });

    private static object? Shown(object? value) => value switch
    {
        null => null,
        bool or long or double => value,
        sbyte or byte or short or ushort or int or uint => Convert.ToInt64(value, CultureInfo.InvariantCulture),
        float number => (double)number,
        IActorRef actor => actor.IsNobody() ? null : Text(actor.Path.ToString()),
        Enum choice => Words(choice.ToString()),
        IFormattable other => Text(other.ToString(null, CultureInfo.InvariantCulture)),
        _ => Text(value.ToString() ?? ""),
    };

    private static string Text(string text) => PlainText.Of(Secrets.Hide(text), LongestText);

    /// <summary>BackingOff is read as backing off.</summary>
    internal static string Words(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) && i > 0 ? $" {char.ToLowerInvariant(c)}" : $"{char.ToLowerInvariant(c)}"));

    public IEnumerator<ActorValue> GetEnumerator() => _values.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

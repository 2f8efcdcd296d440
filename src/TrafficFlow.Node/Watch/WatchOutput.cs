using TrafficFlow.Node.Topics;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Watch;

/// <summary>Shows what is published, and knows how far it has come: whoever is connected anew goes on there. Several may hand it lines at once.</summary>
/// <param name="from">Where to begin; null for where each topic begins by itself.</param>
/// <param name="messages">How many are wanted; null for no end.</param>
/// <param name="screen">Where it is shown in place; null for lines.</param>
internal sealed class WatchOutput(IReadOnlyList<string> topics, TopicPlace? from, int? messages, bool asJson, WatchScreen? screen = null)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, TopicPlace?> _places = topics.ToDictionary(t => t, _ => from);
    private int _left = messages ?? int.MaxValue;

    public bool IsDone => _left == 0;

    /// <summary>In the order in which they were named, each with what of it is printed.</summary>
    public IEnumerable<(string Topic, TopicPlace? Place)> Topics
    {
        get
        {
            lock (_gate) return [.. topics.Select(t => (t, _places[t]))];
        }
    }

    /// <exception cref="JobFailedException">Nothing will ever be published there; the message says what there is.</exception>
    public void Print(TopicLine line)
    {
        lock (_gate)
        {
            if (line.Failed is { } failed) throw new JobFailedException(failed);
            if (IsDone) return;
            if (line.Place is { } text && TopicPlace.Parse(text) is { } place) _places[line.Topic] = place;
            if (screen is not null) screen.Show(line);
            else foreach (var value in line.Values) WatchPrinter.Print(line.Topic, value, asJson);
            // An approach of which no bin is open yet says so every second; that is nothing to see.
            if (line.Values.Count > 0) _left--;
        }
    }

    /// <summary>Something about the watching itself.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            if (screen is not null) screen.Note(text);
            else Console.Error.WriteLine($"trafficflow: {text}");
        }
    }
}

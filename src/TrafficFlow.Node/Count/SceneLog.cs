using System.Globalization;
using System.Text.Json.Nodes;
using TrafficFlow.Core.Scene;

namespace TrafficFlow.Node.Count;

/// <summary>When the scene of a counted file was not as in its first seconds.</summary>
public sealed class SceneLog
{
    private readonly List<SceneEvent> _events = [];

    public IReadOnlyList<SceneEvent> Events => _events;

    /// <param name="seconds">From the start of the file; never less than in the call before.</param>
    public void Add(double seconds, in SceneVerdict verdict)
    {
        var isSame = _events.Count > 0 && _events[^1] is { IsOver: false } last && last.Verdict.State == verdict.State;
        if (isSame)
        {
            // A camera that creeps goes on after it was noticed.
            var further = Shift(verdict) > Shift(_events[^1].Verdict);
            _events[^1] = _events[^1] with { To = seconds, Verdict = further ? verdict : _events[^1].Verdict };
            return;
        }

        if (_events.Count > 0) _events[^1] = _events[^1] with { IsOver = true };
        if (verdict.State is not (SceneState.Unknown or SceneState.InPlace)) _events.Add(new SceneEvent(seconds, seconds, verdict));
    }

    internal JsonArray ToJson() => new([.. _events.Select(e => (JsonNode)new JsonObject
    {
        ["from_s"] = Math.Round(e.From, 1),
        ["to_s"] = Math.Round(e.To, 1),
        ["kind"] = e.Verdict.State.Name(),
        ["shift_percent"] = Math.Round(100 * Shift(e.Verdict), 2),
    })]);

    /// <summary>One line for people for each time that counts cannot be trusted fully.</summary>
    internal IEnumerable<string> Warnings() => _events.Where(e => e.Verdict.IsDegraded).Select(e => string.Create(
        CultureInfo.InvariantCulture, $"{e.From:0.0} to {e.To:0.0} s: {e.Verdict.Explain()}"));

    private static double Shift(in SceneVerdict verdict) => Math.Sqrt((verdict.ShiftX * verdict.ShiftX) + (verdict.ShiftY * verdict.ShiftY));
}

/// <param name="From">Seconds from the start of the file; it began some seconds earlier, before there was evidence enough.</param>
/// <param name="Verdict">The worst of it.</param>
public sealed record SceneEvent(double From, double To, SceneVerdict Verdict, bool IsOver = false);

using System.Text.Json;
using Spectre.Console;

namespace TrafficFlow.Node.Demo;

/// <summary>What a demo leaves on the terminal, or as one JSON object.</summary>
internal static class DemoSummary
{
    private static readonly JsonSerializerOptions Layout = new() { WriteIndented = true, PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    /// <param name="failure">Why nothing was delivered; null where something was.</param>
    public static void Print(DemoState state, string? failure, bool asJson)
    {
        string[] notes = [.. DemoWords.Lost(state.Figures)];
        if (asJson)
        {
            Console.WriteLine(Json(state.Figures, failure, notes));
            return;
        }

        // The terminal scrolls: nothing is left out for its height. What it waited for is told by the failure, and its losses by the notes.
        AnsiConsole.Write(DemoTable.Tables(state, LiveScreen.Width));
        foreach (var note in notes) AnsiConsole.WriteLine(note);
    }

    private static string Json(DemoFigures figures, string? failure, IReadOnlyList<string> notes) => JsonSerializer.Serialize(
        new
        {
            figures.Counted,
            figures.True,
            Failure = failure,
            Notes = notes,
            Queues = figures.Queues.Select(q => new
            {
                Approach = q.Approach.Value,
                MeanMetres = Math.Round(q.Queue.MeanMetres ?? 0, 1),
                MaxMetres = Math.Round(q.Queue.MaxMetres, 1),
                MeanVehicles = Math.Round(q.Queue.MeanVehicles ?? 0, 1),
                q.Queue.MaxVehicles,
                GreenShare = Math.Round(q.GreenShare, 2),
            }),
            Streams = figures.Lines.Select(l => new { Approach = l.Approach.Value, l.Stream, l.Counted, l.True }),
            Cameras = figures.Cameras.Select(c => new
            {
                Camera = c.Camera.Value,
                State = c.State.ToString(),
                c.Frames,
                c.Dropped,
                ObservedSeconds = Math.Round(c.ObservedSeconds, 1),
            }),
        },
        Layout);
}

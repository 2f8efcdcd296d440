using System.Globalization;
using System.Text;
using OpenCvSharp;

namespace TrafficFlow.Benchmarks.Render;

/// <summary>Writes synthetic pictures with what is truly in them, for the training recipe, and says what painting them costs.</summary>
internal sealed class RenderBenchmark : IBenchmark
{
    private const int Width = 640;
    private const int Height = 360;
    private const int Quality = 92;

    public string Name => "render";

    public string Description =>
        """
        Pictures of the synthetic street from random poles, in random light, with people, cyclists and parked vehicles, and what is truly in
        them. DIR/view-SEED/NUMBER.jpg, and DIR/view-SEED/boxes.csv: picture,class,id,x0,y0,x1,y1,visible; boxes in pixels around all of an object
        that lies in the picture; visible is the share of it that nothing hides, painted and not guessed. The same seed gives the same bytes.
          views, pictures                    written
          objects, persons, bicycles         boxes written
          picture_ms                         to paint one picture, at the median
          lively_ratio                       painting with all that is on the street against vehicles alone; should be at most 2
        """;

    public IReadOnlyDictionary<string, string> Options => new Dictionary<string, string>
    {
        ["--views"] = "NUMBER   how many poles; 12",
        ["--frames"] = "NUMBER  pictures from each; 20",
        ["--seed"] = "NUMBER    of the first pole; 1",
        ["--out"] = "DIR        where to write; without it nothing is written",
    };

    public Task<Figures> RunAsync(bool isQuick, CancellationToken cancellation) => RunAsync(isQuick, new Dictionary<string, string>(), cancellation);

    public Task<Figures> RunAsync(bool isQuick, IReadOnlyDictionary<string, string> options, CancellationToken cancellation)
    {
        var (views, frames, seed) = (Whole(options, "--views", isQuick ? 4 : 12), Whole(options, "--frames", isQuick ? 10 : 20), Whole(options, "--seed", 1));
        var (costs, plainCosts, ratios) = (new List<double>(), new List<double>(), new List<double>());
        long objects = 0, persons = 0, bicycles = 0;
        for (var view = seed; view < seed + views; view++)
        {
            cancellation.ThrowIfCancellationRequested();
            var scene = RenderedScene.Draw(view, Width, Height);
            using var film = new RenderedFilm(scene, Width, Height);
            var folder = options.TryGetValue("--out", out var root) ? Path.Combine(root, $"view-{view}") : null;
            if (folder is not null) Directory.CreateDirectory(folder);
            var rows = new StringBuilder("picture,class,id,x0,y0,x1,y1,visible\n");
            for (var i = 0; i < frames; i++)
            {
                var picture = film.Next();
                costs.Add(picture.Milliseconds);
                plainCosts.Add(picture.PlainMilliseconds);
                foreach (var o in picture.Objects)
                {
                    objects++;
                    if (o.Class == "person") persons++;
                    if (o.Class == "bicycle") bicycles++;
                    rows.Append(CultureInfo.InvariantCulture, $"{i:D3},{o.Class},{o.Id},{o.Box.X:0.0},{o.Box.Y:0.0},{o.Box.Right:0.0},{o.Box.Bottom:0.0},{o.Visible:0.000}\n");
                }

                if (folder is not null) Write(Path.Combine(folder, $"{i:D3}.jpg"), picture.Pixels);
            }

            if (folder is not null) File.WriteAllText(Path.Combine(folder, "boxes.csv"), rows.ToString());
            Console.Error.WriteLine($"view {view}: {scene.Lighting.Name}");
        }

        return Task.FromResult(new Figures()
            .Add("views", views)
            .Add("pictures", views * frames)
            .Add("objects", objects)
            .Add("persons", persons)
            .Add("bicycles", bicycles)
            .Add("picture_ms", costs.Median(), 1)
            .Add("lively_ratio", costs.Median() / plainCosts.Median(), 2));
    }

    private static void Write(string path, byte[] pixels)
    {
        using var mat = Mat.FromPixelData(Height, Width, MatType.CV_8UC3, pixels);
        Cv2.ImWrite(path, mat, new ImageEncodingParam(ImwriteFlags.JpegQuality, Quality));
    }

    private static int Whole(IReadOnlyDictionary<string, string> options, string name, int otherwise)
    {
        if (!options.TryGetValue(name, out var text)) return otherwise;
        return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var value) && value >= 0
            ? value : throw new BenchmarkException(BenchmarkException.CannotRun, $"{name} takes a whole number of at least 0, not \"{text}\"");
    }
}

using System.Globalization;
using ScottPlot;

namespace TrafficFlow.Benchmarks.Soak;

/// <summary>A soak as a picture: memory, handles and threads of each node and sizes of each store over event time.</summary>
internal static class SoakPicture
{
    private const int Width = 1500;
    private const int Height = 1000;

    public static void Save(string path, IReadOnlyList<NodeSample> nodes, IReadOnlyList<StoreSample> stores, IReadOnlyList<double> faultHours)
    {
        var figure = new Multiplot();
        figure.AddPlots(4);
        figure.Layout = new ScottPlot.MultiplotLayouts.Grid(rows: 2, columns: 2);
        DrawNodes(figure.GetPlot(0), "memory of each node, MiB", s => s.Figures.MemoryMib);
        DrawNodes(figure.GetPlot(1), "open files and sockets", s => s.Figures.Handles);
        DrawNodes(figure.GetPlot(2), "threads", s => s.Figures.Threads);
        DrawStores(figure.GetPlot(3));
        figure.SavePng(path, Width, Height);

        void DrawNodes(Plot plot, string title, Func<NodeSample, double> value)
        {
            Finish(plot, title, () =>
            {
                var palette = new ScottPlot.Palettes.Category10();
                foreach (var (node, i) in nodes.GroupBy(s => s.Node).OrderBy(g => g.Key, StringComparer.Ordinal).Select((g, i) => (g, i)))
                {
                    // A line for each life: a gap where it was down.
                    var isFirst = true;
                    foreach (var life in node.GroupBy(s => s.Life))
                    {
                        var line = plot.Add.Scatter(life.Select(s => 24 * s.Days).ToArray(), life.Select(value).ToArray(), palette.GetColor(i));
                        (line.MarkerSize, line.LineWidth) = (0, 2);
                        if (isFirst) line.LegendText = node.Key;
                        isFirst = false;
                    }
                }
            });
        }

        void DrawStores(Plot plot) => Finish(plot, "stored, MB", () =>
        {
            foreach (var store in stores.GroupBy(s => s.Store).OrderBy(g => g.Key, StringComparer.Ordinal))
            {
                var line = plot.Add.Scatter(store.Select(s => 24 * s.Days).ToArray(), store.Select(s => s.Mb).ToArray());
                (line.MarkerSize, line.LineWidth, line.LegendText) = (0, 2, store.Key);
            }
        });

        void Finish(Plot plot, string title, Action draw)
        {
            foreach (var hour in faultHours) plot.Add.VerticalLine(hour, 1, Colors.Gray.WithAlpha(0.4), LinePattern.Dotted);
            draw();
            plot.Title(title);
            plot.XLabel(string.Create(CultureInfo.InvariantCulture, $"hours of event time; dotted: {faultHours.Count} faults begin"));
            plot.Axes.AutoScale();
            plot.Axes.SetLimitsY(0, 1.1 * plot.Axes.GetLimits().Top);
            plot.ShowLegend(Alignment.LowerRight);
        }
    }
}

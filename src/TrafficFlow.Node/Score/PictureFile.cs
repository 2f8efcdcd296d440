using ScottPlot;
using TrafficFlow.Core.Files;

namespace TrafficFlow.Node.Score;

/// <summary>Writes a drawing as PNG.</summary>
internal static class PictureFile
{
    /// <exception cref="UsageException">The name is no PNG, or its folder does not exist.</exception>
    public static void Check(string? path)
    {
        if (path is null) return;
        if (!path.EndsWith(".png", StringComparison.OrdinalIgnoreCase)) throw new UsageException($"--picture {path}: name a file that ends with .png");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new UsageException($"--picture {path}: there is no folder {folder}; make it first");
    }

    /// <exception cref="JobFailedException">The file cannot be written.</exception>
    public static void Save(Multiplot figure, string path, int width, int height)
    {
        try
        {
            using var draft = FileDraft.Of(path);
            figure.SavePng(draft.Path, width, height);
            draft.Move();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new JobFailedException($"{path} cannot be written: {e.Message}", e);
        }
    }
}

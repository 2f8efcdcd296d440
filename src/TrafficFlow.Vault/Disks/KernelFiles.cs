using System.Text;

namespace TrafficFlow.Vault.Disks;

/// <summary>The kernel's own files under a root: / of a machine, a folder of a test. What cannot be read is absent.</summary>
internal sealed class KernelFiles(string root)
{
    private const int Longest = 4 << 20;

    public string PathOf(string absolute) => root == "/" ? absolute : Path.Combine(root, absolute.TrimStart('/'));

    public bool HasFolder(string absolute) => Directory.Exists(PathOf(absolute));

    /// <summary>Without the line's end; null where it cannot be read.</summary>
    public string? Text(string absolute)
    {
        try
        {
            using var file = new FileStream(PathOf(absolute), FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 0);
            // Their length is told as 0, or as a page.
            using var reader = new StreamReader(file, Encoding.UTF8);
            var (text, buffer) = (new StringBuilder(), new char[4096]);
            int read;
            while (text.Length < Longest && (read = reader.Read(buffer)) > 0) text.Append(buffer, 0, read);
            return text.ToString().TrimEnd('\n');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Names in a folder, in order; none where it cannot be read.</summary>
    public IReadOnlyList<string> Names(string absolute)
    {
        try
        {
            return [.. new DirectoryInfo(PathOf(absolute)).EnumerateFileSystemInfos().Select(f => f.Name).Order(StringComparer.Ordinal)];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Where a link leads; the path itself where it is none.</summary>
    public string Resolve(string absolute)
    {
        try
        {
            var target = new DirectoryInfo(PathOf(absolute)).ResolveLinkTarget(returnFinalTarget: true)?.FullName;
            if (target is null) return absolute;
            return root == "/" ? target : $"/{Path.GetRelativePath(root, target)}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return absolute;
        }
    }
}

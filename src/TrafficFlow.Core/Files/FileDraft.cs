using System.Security.Cryptography;

namespace TrafficFlow.Core.Files;

/// <summary>
/// A file that is written under a random name beside its place and moved there when it is whole. The draft is made exclusively, so that nobody can have
/// laid a link in its way, and is for its own account only. Moving replaces a link that stands in the file's place, never what the link points at.
/// </summary>
public sealed class FileDraft : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _place;
    private bool _isMoved;

    private FileDraft(string place, string path) => (_place, Path) = (place, path);

    /// <summary>Where the draft is: in the folder of its place, with the same extension, hidden.</summary>
    public string Path { get; }

    /// <summary>Makes an empty draft.</summary>
    /// <exception cref="IOException">It cannot be made there.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static FileDraft Of(string place)
    {
        var folder = System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(place))!;
        var random = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        var path = System.IO.Path.Combine(folder, $".{System.IO.Path.GetFileNameWithoutExtension(place)}.{random}.part{System.IO.Path.GetExtension(place)}");
        Create(path).Dispose();
        return new FileDraft(place, path);
    }

    /// <summary>Writes a whole file.</summary>
    /// <exception cref="IOException">It cannot be written; what was there stays.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public static void Write(string place, ReadOnlySpan<byte> content)
    {
        using var draft = Of(place);
        using (var stream = draft.Open())
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        draft.Move();
    }

    /// <inheritdoc cref="Write(string, ReadOnlySpan{byte})"/>
    public static void Write(string place, string text) => Write(place, System.Text.Encoding.UTF8.GetBytes(text));

    /// <summary>A new file for its own account only, where nothing is yet, be it a link to nowhere.</summary>
    /// <exception cref="IOException">Something is there.</exception>
    public static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    /// <summary>For writing, from the beginning.</summary>
    public FileStream Open() => new(Path, FileMode.Truncate, FileAccess.Write, FileShare.Read);

    /// <summary>Gives the draft the access rights of the file that it replaces: others may be meant to read that one.</summary>
    public void KeepMode()
    {
        if (!OperatingSystem.IsWindows() && new FileInfo(_place) is { Exists: true, LinkTarget: null }) File.SetUnixFileMode(Path, File.GetUnixFileMode(_place));
    }

    /// <summary>Puts the file into its place.</summary>
    /// <param name="overwrite">Whether over another one.</param>
    public void Move(bool overwrite = true)
    {
        File.Move(Path, _place, overwrite);
        _isMoved = true;
    }

    /// <summary>Removes a draft that was not moved.</summary>
    public void Dispose()
    {
        if (!_isMoved) File.Delete(Path);
    }
}

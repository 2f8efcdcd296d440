using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>How files of signed statements are written: on the disk when it returns.</summary>
internal static class SignedFile
{
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Overwrite(string path, byte[] content)
    {
        using var stream = PrivateFile.OpenToAppend(path);
        stream.Seek(0, SeekOrigin.Begin);
        stream.Write(content);
        if (stream.Length > content.Length) stream.SetLength(content.Length);
        stream.Flush(flushToDisk: true);
    }

    /// <exception cref="IOException">It cannot be written.</exception>
    public static void Append(string path, byte[] line)
    {
        using var stream = PrivateFile.OpenToAppend(path);
        // A line that a crash has cut is ended, and stays what it is: no statement.
        if (stream.Length > 0)
        {
            stream.Seek(-1, SeekOrigin.End);
            if (stream.ReadByte() != '\n') stream.Write("\n"u8);
        }

        stream.Write(line);
        stream.Flush(flushToDisk: true);
    }
}

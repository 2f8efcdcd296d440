using TrafficFlow.Vision;
using Xunit;

namespace TrafficFlow.SystemTests.Natives;

public sealed class MissingLibraryTests
{
    // As the runtime words it, the places shortened.
    private const string Loading = """
        Unable to load shared library 'OpenCvSharpExtern' or one of its dependencies. In order to help diagnose loading problems, consider using a tool like strace:
        /app/runtimes/linux-x64/native/OpenCvSharpExtern.so: cannot open shared object file: No such file or directory
        {0}
        /usr/share/dotnet/shared/Microsoft.NETCore.App/10.0.0/libOpenCvSharpExtern.so: cannot open shared object file: No such file or directory

        """;

    [Theory]
    [InlineData("libgtk-3.so.0: cannot open shared object file: No such file or directory", "libgtk-3.so.0 is missing", "deploy/prepare.sh", "apt-get install libgtk-3-0")]
    [InlineData("libX11.so.6: cannot open shared object file: No such file or directory", "libX11.so.6 is missing", "deploy/prepare.sh", "apt-file search libX11.so.6")]
    [InlineData("/app/libOpenCvSharpExtern.so: cannot open shared object file: No such file or directory", "not among the program's files", "deploy/demo.sh")]
    [InlineData("/lib/libc.so.6: version `GLIBC_2.99' not found (required by /app/libOpenCvSharpExtern.so)", "version `GLIBC_2.99' not found", "deploy/prepare.sh")]
    public void A_library_that_cannot_be_loaded_is_told_with_what_to_install(string line, params string[] told)
    {
        var failure = new TypeInitializationException("OpenCvSharp.Internal.NativeMethods", new DllNotFoundException(string.Format(null, Loading, line)));

        var message = MissingLibrary.Describe(failure);

        Assert.All(told, t => Assert.Contains(t, message, StringComparison.Ordinal));
    }

    [Fact]
    public void Other_failures_are_not_taken_for_it() =>
        Assert.Null(MissingLibrary.Describe(new TypeInitializationException("A", new InvalidOperationException("libgtk-3.so.0"))));

    [Fact]
    public void A_prepared_machine_has_OpenCV() => MissingLibrary.CheckOpenCv();
}

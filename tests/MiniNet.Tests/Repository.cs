namespace MiniNet.Tests;

internal static class Repository
{
    private static readonly string Root = FindRoot();

    public static string Dataset(string name) => Path.Combine(Root, "datasets", name);

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MiniNet.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("MiniNet.sln is in no folder above the tests.");
    }
}

namespace Denoise.Structure.Soap;

/// <summary>Eigenvectors of small symmetric matrices by Jacobi's rotations.</summary>
internal static class SymmetricMatrix
{
    private const int MostSweeps = 60;

    /// <param name="matrix">[n, n]; is destroyed</param>
    /// <returns>[n] eigenvalues and [n, n] eigenvectors, one per column, in no order</returns>
    public static (double[] Values, double[,] Vectors) Diagonalize(double[,] matrix)
    {
        int n = matrix.GetLength(0);
        var vectors = new double[n, n];
        for (int i = 0; i < n; i++)
            vectors[i, i] = 1;
        for (int sweep = 0; sweep < MostSweeps; sweep++)
        {
            bool isDiagonal = true;
            for (int p = 0; p < n; p++)
                for (int q = p + 1; q < n; q++)
                {
                    double off = matrix[p, q];
                    if (Math.Abs(off) <= 1e-18 * Math.Sqrt(Math.Abs(matrix[p, p] * matrix[q, q])) || off == 0)
                        continue;
                    isDiagonal = false;
                    double theta = (matrix[q, q] - matrix[p, p]) / (2 * off);
                    double t = Math.CopySign(1, theta) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
                    double c = 1 / Math.Sqrt(t * t + 1), s = t * c;
                    for (int k = 0; k < n; k++)
                        (matrix[k, p], matrix[k, q]) = (c * matrix[k, p] - s * matrix[k, q], s * matrix[k, p] + c * matrix[k, q]);
                    for (int k = 0; k < n; k++)
                        (matrix[p, k], matrix[q, k]) = (c * matrix[p, k] - s * matrix[q, k], s * matrix[p, k] + c * matrix[q, k]);
                    for (int k = 0; k < n; k++)
                        (vectors[k, p], vectors[k, q]) = (c * vectors[k, p] - s * vectors[k, q], s * vectors[k, p] + c * vectors[k, q]);
                }

            if (isDiagonal)
                break;
        }

        return ([.. Enumerable.Range(0, n).Select(i => matrix[i, i])], vectors);
    }
}
